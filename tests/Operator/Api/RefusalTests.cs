using System.Net;
using Harmony.Fleet.Operator.Api;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Fleet.Tests.Operator.Api;

public sealed class RefusalTests
{
    private readonly FakeTimeProvider time = new();

    /// <summary>719 MB of log in 5 s were written so, by a client that had no token.</summary>
    [Fact]
    public async Task Requests_WithoutAToken_AreAFewLinesAndACount()
    {
        using var logs = new FakeLoggerProvider();
        await using var fleet = await OperatorUnderTest.StartAsync(more: services => services.AddSingleton<TimeProvider>(time).AddSingleton<ILoggerProvider>(logs));
        using var client = fleet.NewClient();
        for (var count = 0; count < 60; count++)
        {
            time.Advance(RefusalPace.Spacing);
            using var request = new HttpRequestMessage(count % 2 == 0 ? HttpMethod.Post : HttpMethod.Get, $"/api/v1/{new string('x', 4000)}");
            (await client.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }

        Lines(logs, 2502).Length.ShouldBe(RefusalTally.Lines);
        Lines(logs, 2503).ShouldBeEmpty();
        await Eventually.HoldsAsync(
            () =>
            {
                time.Advance(RefusalTally.Span);
                return Lines(logs, 2503).Length > 0;
            },
            "the count is told");
        Lines(logs, 2503).ShouldBe([$"more requests were refused: {60 - RefusalTally.Lines} with 401, within 60 s"]);
    }

    /// <summary>It was answered after all of those who knock, 5 s later: the probe took the operator for dead.</summary>
    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    public async Task Probe_WithATokenOfBefore_IsAnsweredAtOnce_WhoeverElseKnocks(string path)
    {
        await using var fleet = await OperatorUnderTest.StartAsync(more: services => services.AddSingleton<TimeProvider>(time));
        using var client = fleet.NewClient();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer a-token-of-before");
        using var gone = new CancellationTokenSource();
        var knocking = Enumerable.Range(0, 2 * RefusalPace.Burst).Select(_ => client.GetAsync("/api/v1/devices", gone.Token)).ToArray();
        await Eventually.HoldsAsync(() => knocking.Count(one => one.IsCompleted) == RefusalPace.Burst, "the others wait");

        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);

        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => Task.WhenAll(knocking));
    }

    /// <summary>They are answered there, and not with 401: guesses were neither counted nor told.</summary>
    [Fact]
    public async Task TokensThatAreGuessed_WhereAllAreAnswered_AreAFewLinesAndACount()
    {
        using var logs = new FakeLoggerProvider();
        await using var fleet = await OperatorUnderTest.StartAsync(more: services => services.AddSingleton<TimeProvider>(time).AddSingleton<ILoggerProvider>(logs));
        using var client = fleet.NewClient();
        await client.GetStringAsync("/readyz", TestContext.Current.CancellationToken);
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Basic of-a-proxy");
        await client.GetStringAsync("/readyz", TestContext.Current.CancellationToken);
        Lines(logs, 2505).ShouldBeEmpty();

        client.DefaultRequestHeaders.Remove("Authorization");
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer a-token-that-is-guessed");
        for (var count = 0; count < 20; count++)
        {
            await client.GetStringAsync(count % 2 == 0 ? "/readyz" : "/healthz", TestContext.Current.CancellationToken);
        }

        Lines(logs, 2505).Length.ShouldBe(RefusalTally.Lines);
        await Eventually.HoldsAsync(
            () =>
            {
                time.Advance(RefusalTally.Span);
                return Lines(logs, 2503).Length > 0;
            },
            "the count is told");
        Lines(logs, 2503).ShouldBe([$"more requests were refused: {20 - RefusalTally.Lines} with 401, within 60 s"]);
    }

    [Fact]
    public async Task Requests_ThatWereDone_HaveTheirLinesWhoeverElseIsRefused()
    {
        using var logs = new FakeLoggerProvider();
        await using var fleet = await OperatorUnderTest.StartAsync(more: services => services.AddSingleton<TimeProvider>(time).AddSingleton<ILoggerProvider>(logs));
        for (var count = 0; count < 15; count++)
        {
            (await fleet.SendAsync(HttpMethod.Delete, "/api/v1/devices/nobody")).Code.ShouldBe(404);
        }

        (await fleet.SendAsync(HttpMethod.Put, "/api/v1/devices/pi-1", Samples.Device())).Code.ShouldBe(201);
        Lines(logs, 2502).Length.ShouldBe(RefusalTally.Lines + 1);
        Lines(logs, 2502)[^1].ShouldStartWith("PUT /api/v1/devices/pi-1: 201");
    }

    private static string[] Lines(FakeLoggerProvider logs, int id) =>
        [.. logs.Collector.GetSnapshot().Where(line => line.Id.Id == id).Select(line => line.Message)];
}
