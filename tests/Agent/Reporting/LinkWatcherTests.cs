using System.Runtime.CompilerServices;
using Harmony.Fleet.Agent.Identity;
using Harmony.Fleet.Agent.Options;
using Harmony.Fleet.Agent.Reporting;
using Harmony.Fleet.Agent.Timing;
using Harmony.Fleet.Hosting.Options;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Agent.Rigs;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.Logging.Testing;

namespace Harmony.Fleet.Tests.Agent.Reporting;

public sealed class LinkWatcherTests
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task AwayForLong_IsToldOnce()
    {
        var log = new FakeLogger<LinkWatcher>();
        await using var bus = new ScriptedLink(
            new(false, 0, "refused"), new(false, 0, "refused"), new(false, 0, "another reason"), new(true, 1, "server"), new(false, 1, "lost"), new(false, 1, "refused"), new(true, 2, "server"));
        using var watcher = Watcher(bus, TimeSpan.Zero, new AgentSignals(TimeProvider.System), TimeProvider.System, log);

        await watcher.StartAsync(TestContext.Current.CancellationToken);
        await watcher.ExecuteTask!;

        log.Collector.GetSnapshot().Select(line => line.Message).ShouldBe(
            ["The bus is away; what stands goes on: refused", "The bus is there: server", "The bus is away; what stands goes on: lost", "The bus is there: server"]);
    }

    [Fact]
    public async Task Connected_ForTheFirstTime_SaysAndReadsEverythingAtOnce()
    {
        var (time, signals) = (new ManualTime(), new AgentSignals(TimeProvider.System));
        await using var bus = new ScriptedLink(new LinkState(true, 1, "server"));
        using var watcher = Watcher(bus, Window, signals, time, new FakeLogger<LinkWatcher>());

        await watcher.StartAsync(TestContext.Current.CancellationToken);
        await watcher.ExecuteTask!;

        (await SetAsync(signals)).ShouldBe(["heartbeat", "info", "manifest", "report", "scores"]);
    }

    [Fact]
    public async Task ConnectedAgain_ReadsAtOnce_AndSaysAMomentLaterWhoItIs()
    {
        var (time, signals) = (new ManualTime(), new AgentSignals(TimeProvider.System));
        await using var bus = new ScriptedLink(new(true, 1, "server"), new(false, 1, "lost"), new(true, 2, "server"));
        using var watcher = Watcher(bus, Window, signals, time, new FakeLogger<LinkWatcher>());
        await watcher.StartAsync(TestContext.Current.CancellationToken);
        await watcher.ExecuteTask!;
        await SetAsync(signals); // Those of both connects.

        var due = time.Dues.ShouldHaveSingleItem();
        due.ShouldBeInRange(TimeSpan.Zero, Window);
        (await SetAsync(signals)).ShouldBeEmpty();
        time.Advance(Window);

        IReadOnlyList<string> said = [];
        await Eventually.HoldsAsync(async () => (said = await SetAsync(signals)).Count > 0, "it says something");
        said.ShouldContain("info");
        said.ShouldNotContain("heartbeat", "who it is is a sign of life too");
    }

    private static LinkWatcher Watcher(IBus bus, TimeSpan window, AgentSignals signals, TimeProvider time, FakeLogger<LinkWatcher> log)
    {
        var options = new AgentOptions
        {
            Device = ControlPlane.Device,
            Keys = ControlPlane.Keys,
            StateDirectory = string.Empty,
            PodmanSocket = string.Empty,
            Nats = new NatsAccess { Servers = [new Uri("nats://nowhere")], Seed = string.Empty },
            SayAgainWindow = window,
        };
        var identity = new AgentIdentity(ControlPlane.Device, ControlPlane.Keys, "run", "1", time);
        return new(options, bus, new CommandNonce(), new SignedBucket(identity, bus), signals, new Jitter(new Random(1)), time, log);
    }

    /// <summary>Which signals are set. They are not, afterwards.</summary>
    private static async Task<IReadOnlyList<string>> SetAsync(AgentSignals signals)
    {
        var set = new List<string>();
        foreach (var (name, signal) in new[]
        {
            ("heartbeat", signals.Heartbeat), ("info", signals.Info), ("manifest", signals.Manifest), ("report", signals.Report), ("scores", signals.Scores),
        })
        {
            if (await signal.WaitAsync(TimeSpan.Zero, TestContext.Current.CancellationToken))
            {
                set.Add(name);
            }
        }

        return set;
    }

    /// <summary>A bus of which nothing is told but these states, each of them.</summary>
    private sealed class ScriptedLink(params LinkState[] states) : IBus
    {
        public LinkState Link => states[^1];

        public async IAsyncEnumerable<LinkState> LinkChangesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            foreach (var state in states)
            {
                await Task.Yield();
                yield return state;
            }
        }

        public Task<ISubscription> SubscribeAsync(string subject, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<PublishOutcome> PublishAsync(string subject, ReadOnlyMemory<byte> payload, BusHeaders headers, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> AnswersAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public IBucket Bucket(string name) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
