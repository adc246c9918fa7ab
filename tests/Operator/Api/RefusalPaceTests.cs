using Harmony.Fleet.Operator.Api;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Fleet.Tests.Operator.Api;

public sealed class RefusalPaceTests
{
    private readonly FakeTimeProvider time = new();
    private readonly RefusalPace pace;

    public RefusalPaceTests() => pace = new RefusalPace(time);

    [Fact]
    public void FewCallers_AreAnsweredAtOnce()
    {
        for (var round = 0; round < 3; round++)
        {
            Enumerable.Range(0, RefusalPace.Burst).Select(_ => Wait()).ShouldAllBe(wait => wait.IsCompletedSuccessfully);
            time.Advance(RefusalPace.Burst * RefusalPace.Spacing);
        }
    }

    /// <summary>Answered together they would come back together: once a second nobody else was answered for as long as all of them took.</summary>
    [Fact]
    public void ManyCallers_AreAnsweredOneAfterTheOther()
    {
        var waiting = Enumerable.Range(0, 100).Select(_ => Wait()).ToArray()[RefusalPace.Burst..];
        for (var answered = 0; answered <= waiting.Length; answered++)
        {
            waiting.Count(wait => wait.IsCompleted).ShouldBe(answered);
            time.Advance(RefusalPace.Spacing);
        }
    }

    [Fact]
    public void Callers_HoweverMany_WaitNoLongerThanTheLongest()
    {
        var waiting = Enumerable.Range(0, 10_000).Select(_ => Wait()).ToArray();
        waiting.ShouldContain(wait => !wait.IsCompleted);
        time.Advance(RefusalPace.Longest);
        waiting.ShouldAllBe(wait => wait.IsCompleted);
    }

    [Fact]
    public async Task Caller_ThatGoesAway_WaitsNoMore()
    {
        using var gone = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, RefusalPace.Burst + 2).Select(_ => pace.WaitAsync(gone.Token)).ToArray();
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => Task.WhenAll(waiting));
    }

    private Task Wait() => pace.WaitAsync(TestContext.Current.CancellationToken);
}
