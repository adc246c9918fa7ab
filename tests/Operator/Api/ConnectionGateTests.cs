using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Text;
using Harmony.Fleet.Operator.Api;
using Harmony.Fleet.Operator.Telemetry;
using Harmony.Fleet.Tests.Harness;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Fleet.Tests.Operator.Api;

/// <summary>Whoever opens connections without end takes neither the operator's memory nor, from a probe, the word that it lives.</summary>
public sealed class ConnectionGateTests
{
    private const int Most = 4;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task BeyondTheMost_ProbesAreAnswered_AndNothingElse()
    {
        await using var fleet = await OperatorUnderTest.StartAsync(maxConnections: Most);
        var idle = await OpenAsync(fleet, Most);
        await AreTakenAsync(fleet, Most);
        (await AskAsync(fleet, "/healthz")).ShouldStartWith("HTTP/1.1 200 ");
        (await AskAsync(fleet, "/readyz")).ShouldStartWith("HTTP/1.1 200 ");
        var refused = await AskAsync(fleet, "/api/v1/devices");
        refused.ShouldStartWith("HTTP/1.1 503 ");
        refused.ShouldContain($"As many connections to the operator are open as it takes ({Most})");
        refused.ShouldContain("Connection: close");

        idle.ForEach(socket => socket.Dispose());
        await Eventually.HoldsAsync(async () => (await AskAsync(fleet, "/api/v1/devices")).StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal), "there is room again");
    }

    [Fact]
    public async Task BeyondTheSpareOnes_AreClosedAtOnce_AndCounted()
    {
        await using var fleet = await OperatorUnderTest.StartAsync(maxConnections: Most, more: services => services.AddSingleton<TimeProvider>(new FakeTimeProvider()));
        using var refused = new MetricCollector<long>(fleet.Services.GetRequiredService<IMeterFactory>(), FleetMeter.Name, "fleet.api.connections.refused");
        var taken = await OpenAsync(fleet, Most + ConnectionGate.Spare);
        await AreTakenAsync(fleet, Most + ConnectionGate.Spare);
        foreach (var beyond in await OpenAsync(fleet, 3))
        {
            using (beyond)
            {
                (await ReadAsync(beyond)).ShouldBeEmpty();
            }
        }

        refused.GetMeasurementSnapshot().Sum(one => one.Value).ShouldBe(3);
        taken.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task SpareOne_IsBrokenOffAfterItsTime_AndTheOthersAreNot()
    {
        var (time, log) = (new FakeTimeProvider(), new FakeLogger<ConnectionGate>());
        await using var meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var gate = new ConnectionGate(OperatorUnderTest.OptionsOnAFreePort() with { MaxConnections = 1 }, new FleetMeter(meters.GetRequiredService<IMeterFactory>()), time, log);
        await using var usual = new DefaultConnectionContext();
        await using var spare = new DefaultConnectionContext();
        var (first, second) = (gate.RunAsync(usual, UntilClosedAsync), gate.RunAsync(spare, UntilClosedAsync));
        usual.Features.Get<SpareConnection>().ShouldBeNull();
        spare.Features.Get<SpareConnection>().ShouldNotBeNull();

        time.Advance(ConnectionGate.SpareLimit);

        await second;
        first.IsCompleted.ShouldBeFalse();
        usual.Abort(new ConnectionAbortedException());
        await first;
        log.Collector.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Refused_AreToldOnceAMinute()
    {
        var (time, log) = (new FakeTimeProvider(), new FakeLogger<ConnectionGate>());
        await using var meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var gate = new ConnectionGate(OperatorUnderTest.OptionsOnAFreePort() with { MaxConnections = 0 - ConnectionGate.Spare }, new FleetMeter(meters.GetRequiredService<IMeterFactory>()), time, log);
        for (var minute = 0; minute < 2; minute++)
        {
            for (var number = 0; number < 100; number++)
            {
                await using var one = new DefaultConnectionContext();
                await gate.RunAsync(one, _ => throw new InvalidOperationException("It was to be refused."));
            }

            time.Advance(ConnectionGate.Span);
        }

        log.Collector.GetSnapshot().Select(record => record.Message.Split(": ")[1]).ShouldBe(["1 more were closed since this was told last", "100 more were closed since this was told last"]);
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

    /// <summary>Connections are accepted in their order, and taken beside each other.</summary>
    private static Task AreTakenAsync(OperatorUnderTest fleet, int count) =>
        Eventually.HoldsAsync(() => fleet.Services.GetRequiredService<ConnectionGate>().Open == count, $"{count} are taken");

    private static async Task<string> AskAsync(OperatorUnderTest fleet, string path)
    {
        using var socket = (await OpenAsync(fleet, 1))[0];
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: fleet\r\nConnection: close\r\nAuthorization: Bearer {OperatorUnderTest.Token}\r\n\r\n"), Stop);
        return await ReadAsync(socket);
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
