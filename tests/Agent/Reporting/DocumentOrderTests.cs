using Harmony.Fleet.Agent.Reporting;
using Harmony.Fleet.Agent.Timing;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Ports.State;
using Harmony.Fleet.Tests.Agent.Rigs;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Fleet.Tests.Agent.Reporting;

/// <summary>All that a device says has one order, that no start, no loss and no clock turns back.</summary>
public sealed class DocumentOrderTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Documents_OfAllStarts_HaveOneOrder()
    {
        await using var rig = new AgentRig();
        await rig.StartAsync();
        await rig.BeatAsync();
        var info = await rig.InfoAsync(_ => true, "who it is");
        var report = await rig.ReportsAsync(_ => true, "what stands");
        var beat = (await rig.Operator.HeartbeatAsync())!;
        new[] { info.Order, report.Order, beat.Order }.Distinct().Count().ShouldBe(3);
        new[] { info.Boot, report.Boot, beat.Boot }.ShouldAllBe(boot => boot == info.Boot && boot > 0);

        rig.Clock.Shift = TimeSpan.FromDays(-1000);
        await rig.RestartAsync();
        (await rig.InfoAsync(now => now.Instance == "run-2", "the next start")).Order.ShouldBeGreaterThan(beat.Order);

        await rig.StopAsync();
        Directory.Delete(rig.StateFolder, recursive: true);
        rig.Clock.Shift = TimeSpan.FromMinutes(1);
        await rig.StartAsync();
        (await rig.InfoAsync(now => now.Instance == "run-3", "a start that knows of none")).Boot.ShouldBeGreaterThan(info.Boot + 1);
    }

    /// <summary>It is killed when the boot is on the disk, and nothing was said yet.</summary>
    [Fact]
    public async Task Killed_BetweenTheWriteAndTheFirstWord_GivesThatBootToNobodyElse()
    {
        await using var rig = new AgentRig();
        var held = new TaskCompletionSource<long>();
        rig.WrapState = inner => new HeldState(inner, boot => held.TrySetResult(boot), rig.Alive);
        await rig.StartAsync();
        var boot = await held.Task.WaitAsync(TimeSpan.FromSeconds(20), Ct);
        (await rig.Operator.InfoAsync()).ShouldBeNull("nothing is said before the boot is kept");
        await rig.StopAsync();

        rig.WrapState = inner => inner;
        rig.Clock.Shift = TimeSpan.FromDays(-1);
        await rig.StartAsync();
        (await rig.InfoAsync(_ => true, "the next start")).Boot.ShouldBeInRange(boot + 1, boot + 10, "a day back, and yet later");
    }

    /// <summary>A machine without a battery, installed anew: its clock is that of its image until the network tells the time.</summary>
    [Fact]
    public async Task Clock_PutRightWhileItRuns_BeginsANewBootAndSaysAllAgain()
    {
        await using var rig = new AgentRig();
        rig.Clock.Shift = TimeSpan.FromDays(-300);
        await rig.StartAsync();
        var wrong = await rig.InfoAsync(_ => true, "who it is");
        await rig.ReportsAsync(_ => true, "what stands");
        rig.Clock.Shift = TimeSpan.Zero;
        await rig.BeatAsync();
        await Eventually.HoldsAsync(async () => (await rig.Operator.HeartbeatAsync())!.Boot > wrong.Boot + 1_000_000, "a heartbeat of the right time");
        await rig.InfoAsync(info => info.Boot > wrong.Boot + 1_000_000, "who it is, again");
        await rig.ReportsAsync(report => report.Boot > wrong.Boot + 1_000_000, "what stands, again");
    }

    [Fact]
    public async Task Next_ManyAtOnce_AreAllDifferent()
    {
        using var folder = new TempFolder();
        var clock = new ShiftedClock();
        using var counter = new DocumentCounter(
            new Adapters.Files.AgentState.AgentStateFiles(folder.Path, NullLogger<Adapters.Files.AgentState.AgentStateFiles>.Instance),
            new AgentSignals(clock),
            clock,
            NullLogger<DocumentCounter>.Instance);
        var orders = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(async () => await counter.NextAsync(Ct), Ct)));
        orders.Distinct().Count().ShouldBe(100);
        orders.Max().Sequence.ShouldBe(100);
    }

    /// <summary>State that keeps a boot, and does not come back before the agent dies.</summary>
    private sealed class HeldState(IAgentStateStore inner, Action<long> kept, CancellationToken death) : IAgentStateStore
    {
        public Task<StateLoad> LoadAsync(CancellationToken cancellationToken) => inner.LoadAsync(cancellationToken);

        public Task<SaveOutcome> SaveAsync(HeldManifest manifest, CancellationToken cancellationToken) => inner.SaveAsync(manifest, cancellationToken);

        public Task<byte[]?> LoadScoreAsync(Digest address, CancellationToken cancellationToken) => inner.LoadScoreAsync(address, cancellationToken);

        public Task<SaveOutcome> SaveScoreAsync(Digest address, ReadOnlyMemory<byte> ciphertext, CancellationToken cancellationToken) =>
            inner.SaveScoreAsync(address, ciphertext, cancellationToken);

        public Task<SaveOutcome> SweepScoresAsync(IReadOnlySet<Digest> keep, CancellationToken cancellationToken) => inner.SweepScoresAsync(keep, cancellationToken);

        public async Task<BootStart> BeginBootAsync(long floor, CancellationToken cancellationToken)
        {
            var begun = await inner.BeginBootAsync(floor, cancellationToken);
            kept(begun.Boot);
            await Task.Delay(Timeout.Infinite, death);
            return begun;
        }
    }
}
