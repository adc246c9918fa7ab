using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Text;
using Harmony.Fleet.Operator.Api;
using Harmony.Fleet.Operator.Options;
using Harmony.Fleet.Operator.Telemetry;
using Harmony.Fleet.Tests.Harness;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Fleet.Tests.Operator.Api;

/// <summary>Whoever opens connections without end takes neither the operator's memory nor, from a probe, the word that it lives.</summary>
public sealed class ConnectionGateTests
{
    private const int Most = 4;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>They hold all places with the token, as watches do.</summary>
    [Fact]
    public async Task BeyondTheMost_ProbesAndMetricsAreAnswered_AndNothingElse_WhichIsCounted()
    {
        await using var fleet = await OperatorUnderTest.StartAsync(maxConnections: Most, telemetry: new TelemetryOptions { Prometheus = true });
        using var counted = new MetricCollector<long>(fleet.Services.GetRequiredService<IMeterFactory>(), FleetMeter.Name, "fleet.api.connections.refused");
        var known = await OpenKnownAsync(fleet, Most);
        (await AskAsync(fleet, "/healthz")).ShouldStartWith("HTTP/1.1 200 ");
        (await AskAsync(fleet, "/readyz")).ShouldStartWith("HTTP/1.1 200 ");
        (await AskAsync(fleet, "/metrics")).ShouldStartWith("HTTP/1.1 200 ");
        counted.GetMeasurementSnapshot().ShouldBeEmpty();
        var refused = await AskAsync(fleet, "/api/v1/devices");
        refused.ShouldStartWith("HTTP/1.1 503 ");
        refused.ShouldContain($"As many connections to the operator are open as it takes ({Most})");
        refused.ShouldContain("Connection: close");
        counted.GetMeasurementSnapshot().ShouldHaveSingleItem().Value.ShouldBe(1);

        known.ForEach(socket => socket.Dispose());
        await Eventually.HoldsAsync(async () => (await AskAsync(fleet, "/api/v1/devices")).StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal), "there is room again");
    }

    /// <summary>A user of the machine without the token could take all places and the spare ones, for as long as he liked: neither the CLI nor a probe was answered.</summary>
    [Fact]
    public async Task WhoeverSaysNothing_HowEverMany_KeepsNobodyOut()
    {
        await using var fleet = await OperatorUnderTest.StartAsync(maxConnections: Most, more: services => services.AddSingleton<TimeProvider>(new FakeTimeProvider()));
        using var refused = new MetricCollector<long>(fleet.Services.GetRequiredService<IMeterFactory>(), FleetMeter.Name, "fleet.api.connections.refused");
        var idle = await OpenAsync(fleet, Most + ConnectionGate.Spare);
        await Eventually.HoldsAsync(() => refused.GetMeasurementSnapshot().Sum(one => one.Value) == ConnectionGate.Spare, "some made room for others");
        (await AskAsync(fleet, "/healthz")).ShouldStartWith("HTTP/1.1 200 ");
        (await AskAsync(fleet, "/api/v1/devices")).ShouldStartWith("HTTP/1.1 200 ");

        await Eventually.HoldsAsync(() => idle.Count(one => one.Poll(0, SelectMode.SelectRead)) > ConnectionGate.Spare, "they were closed");
        idle.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task WhoeverPresentedTheToken_StaysConnected_AndNobodyElse()
    {
        await using var fleet = await OperatorUnderTest.StartAsync(maxConnections: Most);
        using var known = (await OpenKnownAsync(fleet, 1))[0];
        foreach (var path in new[] { "/healthz", "/readyz", "/api/v1/devices" })
        {
            using var stranger = (await OpenAsync(fleet, 1))[0];
            await SendAsync(stranger, path, token: null);
            (await ReadAsync(stranger)).ShouldContain("Connection: close");
        }

        var others = await OpenAsync(fleet, 2 * Most);
        await IsAnsweredAsync(known);
        others.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task OneWithoutTheToken_IsBrokenOffAfterItsTime_AndTheOthersAreNot()
    {
        var time = new FakeTimeProvider();
        await using var meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var gate = NewGate(meters, time, 2);
        await using var known = new DefaultConnectionContext();
        await using var stranger = new DefaultConnectionContext();
        var (first, second) = (gate.RunAsync(known, UntilClosedAsync), gate.RunAsync(stranger, UntilClosedAsync));
        gate.IsKnown(known.Features.Get<GatedConnection>()!);

        time.Advance(ConnectionGate.StrangerLimit);

        await second;
        first.IsCompleted.ShouldBeFalse();
        gate.Open.ShouldBe(1);
        known.Abort(new ConnectionAbortedException());
        await first;
        gate.Open.ShouldBe(0);
    }

    [Fact]
    public async Task SpareOne_IsBrokenOffAfterItsTime_OrWhenTheNextComes_AndAPlaceThatIsFreeIsTaken()
    {
        var time = new FakeTimeProvider();
        await using var meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var gate = NewGate(meters, time, 1);
        await using var known = new DefaultConnectionContext();
        var first = gate.RunAsync(known, UntilClosedAsync);
        gate.IsKnown(known.Features.Get<GatedConnection>()!);
        var spares = Enumerable.Range(0, ConnectionGate.Spare + 1).Select(_ => new DefaultConnectionContext()).ToArray();
        var running = spares.Select(spare => gate.RunAsync(spare, UntilClosedAsync)).ToArray();
        spares.ShouldAllBe(spare => spare.Features.Get<GatedConnection>()!.IsSpare);
        await running[0];
        running.Skip(1).ShouldAllBe(spare => !spare.IsCompleted);

        known.Abort(new ConnectionAbortedException());
        await first;
        await using var next = new DefaultConnectionContext();
        var placed = gate.RunAsync(next, UntilClosedAsync);
        next.Features.Get<GatedConnection>()!.IsSpare.ShouldBeFalse();

        time.Advance(ConnectionGate.SpareLimit);

        await Task.WhenAll(running);
        placed.IsCompleted.ShouldBeFalse();
        next.Abort(new ConnectionAbortedException());
        await placed;
    }

    /// <summary>What is closed has its memory until it has ended.</summary>
    [Fact]
    public async Task ManyThatDoNotEnd_AreNoMoreThanSoMany_AndOthersAreClosedAtOnce()
    {
        var ends = new TaskCompletionSource();
        await using var meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var gate = NewGate(meters, new FakeTimeProvider(), 1);
        var running = Enumerable.Range(0, ConnectionGate.MostEnding + 1).Select(_ => gate.RunAsync(new DefaultConnectionContext(), _ => ends.Task)).ToArray();
        running.ShouldAllBe(one => !one.IsCompleted);

        await gate.RunAsync(new DefaultConnectionContext(), _ => throw new InvalidOperationException("It was to be refused."));

        ends.SetResult();
        await Task.WhenAll(running);
        gate.Open.ShouldBe(0);
        (await RunsAsync(gate)).ShouldBeTrue();
    }

    [Fact]
    public async Task Refused_AreToldOnceAMinute()
    {
        var (time, log) = (new FakeTimeProvider(), new FakeLogger<ConnectionGate>());
        await using var meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var gate = NewGate(meters, time, 1, log);
        for (var minute = 0; minute < 2; minute++)
        {
            var running = Enumerable.Range(0, 101).Select(_ => gate.RunAsync(new DefaultConnectionContext(), UntilClosedAsync)).ToArray();
            time.Advance(ConnectionGate.Span);
            await Task.WhenAll(running);
        }

        log.Collector.GetSnapshot().Select(record => record.Message.Split(": ")[1].Split(" since")[0]).ShouldBe(["1 were closed", "100 were closed"]);
    }

    private static ConnectionGate NewGate(ServiceProvider meters, TimeProvider time, int most, ILogger<ConnectionGate>? log = null) => new(
        OperatorUnderTest.OptionsOnAFreePort() with { MaxConnections = most }, new FleetMeter(meters.GetRequiredService<IMeterFactory>()), time, log ?? NullLogger<ConnectionGate>.Instance);

    private static async Task<bool> RunsAsync(ConnectionGate gate)
    {
        var runs = false;
        await gate.RunAsync(new DefaultConnectionContext(), _ => Task.FromResult(runs = true));
        return runs;
    }

    private static Task UntilClosedAsync(ConnectionContext connection) =>
        Task.Delay(Timeout.Infinite, connection.ConnectionClosed).ContinueWith(_ => { }, TaskScheduler.Default);

    private static async Task<List<Socket>> OpenAsync(OperatorUnderTest fleet, int count)
    {
        var sockets = new List<Socket>();
        while (sockets.Count < count)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(fleet.Address.Host, fleet.Address.Port, Stop);
            sockets.Add(socket);
        }

        return sockets;
    }

    /// <summary>Each has presented the token, and stays open.</summary>
    private static async Task<List<Socket>> OpenKnownAsync(OperatorUnderTest fleet, int count)
    {
        var sockets = await OpenAsync(fleet, count);
        foreach (var socket in sockets)
        {
            await IsAnsweredAsync(socket);
        }

        return sockets;
    }

    private static async Task<string> AskAsync(OperatorUnderTest fleet, string path)
    {
        using var socket = (await OpenAsync(fleet, 1))[0];
        await SendAsync(socket, path, more: "Connection: close\r\n");
        return await ReadAsync(socket);
    }

    private static async Task SendAsync(Socket socket, string path, string? token = OperatorUnderTest.Token, string more = "")
    {
        var authorization = token is null ? string.Empty : $"Authorization: Bearer {token}\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: fleet\r\n{more}{authorization}\r\n"), Stop);
    }

    /// <summary>It presents the token, and is answered and not closed.</summary>
    private static async Task IsAnsweredAsync(Socket socket)
    {
        await SendAsync(socket, "/healthz");
        var (text, buffer) = (string.Empty, new byte[4096]);
        while (!text.EndsWith("ok\n", StringComparison.Ordinal))
        {
            var read = await socket.ReceiveAsync(buffer, Stop);
            read.ShouldBeGreaterThan(0, $"it was closed: {text}");
            text += Encoding.UTF8.GetString(buffer, 0, read);
        }
    }

    /// <summary>All that comes until the other side closes.</summary>
    private static async Task<string> ReadAsync(Socket socket)
    {
        var (text, buffer) = (new StringBuilder(), new byte[4096]);
        try
        {
            while (await socket.ReceiveAsync(buffer, Stop) is > 0 and var read)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, read));
            }
        }
        catch (SocketException broken) when (broken.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Closed, with what was sent unread.
        }

        return text.ToString();
    }
}
