using System.Diagnostics;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Tests.EndToEnd.Fleet;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.EndToEnd.Scenarios;

/// <summary>A fleet with three NATS servers loses one of them: nothing that was acknowledged is lost, and what is applied then comes to every device.</summary>
[Trait("Category", "Integration")]
public sealed class NatsClusterTests(NatsClusterTests.Cluster cluster) : IClassFixture<NatsClusterTests.Cluster>
{
    private const int Devices = 2;
    private const int Servers = 3;

    private static readonly string[] Buckets =
        [BucketNames.DeviceInfo, BucketNames.DeviceState, BucketNames.DeviceHeartbeat, BucketNames.DesiredState, BucketNames.Scores, AcknowledgedWrites.Bucket];

    private RunningFleet Fleet => cluster.Fleet;

    [Fact]
    public async Task StreamLeader_Killed_NoAcknowledgedWriteIsLostAndTheFleetConverges()
    {
        var untouched = await StandingAsync("leader-keep");
        await using var writes = await AcknowledgedWrites.StartAsync(Fleet, "leader");
        foreach (var bucket in (string[])[BucketNames.DesiredState, AcknowledgedWrites.Bucket])
        {
            await writes.AllCurrentAsync(Buckets);
            await writes.GoOnAsync(100);
            var leader = (await writes.LeaderAsync(bucket)).ShouldNotBeNull();
            await FaultAsync($"the leader of {bucket} killed", writes, () => AwayAsync(leader));
            await BackAsync(leader);
        }

        await NothingIsLostAsync(writes);
        await AreUntouchedAsync("leader-keep", untouched);
    }

    [Fact]
    public async Task EachNode_RestartedInTurn_NoAcknowledgedWriteIsLostAndAgentsMoveOver()
    {
        var untouched = await StandingAsync("turn-keep");
        await using var writes = await AcknowledgedWrites.StartAsync(Fleet, "turn");
        int[] before = [.. Enumerable.Range(1, Devices).Select(Connects)];
        for (var node = 1; node <= Servers; node++)
        {
            await writes.AllCurrentAsync(Buckets);
            await writes.GoOnAsync(100);
            var config = ConfigOf(node);
            await FaultAsync($"node {node} restarted", writes, () => Fleet.KillAsync(config, "TERM"));
        }

        await NothingIsLostAsync(writes);
        Enumerable.Range(1, Devices).ShouldAllBe(device => Connects(device) > before[device - 1]);
        await AreUntouchedAsync("turn-keep", untouched);
    }

    [Fact]
    public async Task NodesFolder_Removed_NoAcknowledgedWriteIsLostAndTheNodeHoldsAllAgain()
    {
        var untouched = await StandingAsync("folder-keep");
        await using var writes = await AcknowledgedWrites.StartAsync(Fleet, "folder");
        await writes.AllCurrentAsync(Buckets);
        await writes.GoOnAsync(200);
        var leader = (await writes.LeaderAsync(AcknowledgedWrites.Bucket)).ShouldNotBeNull();
        await FaultAsync($"the folder of node {leader} removed", writes, async () =>
        {
            await Fleet.SignalAsync(ConfigOf(leader), "STOP");
            Directory.Delete(Path.Combine(Fleet.DataFolder, "nats", $"node-{leader}", "jetstream"), recursive: true);
            await Fleet.KillAsync(ConfigOf(leader));
        });
        await writes.AllCurrentAsync(Buckets);

        await NothingIsLostAsync(writes);
        await AreUntouchedAsync("folder-keep", untouched);
    }

    /// <summary>Kills a node, which stays away: it finds no configuration.</summary>
    private async Task AwayAsync(int node)
    {
        var config = Path.Combine(Fleet.DataFolder, ConfigOf(node));
        var pid = Fleet.PidOf(ConfigOf(node));
        File.Move(config, config + ".away");
        await RunningProcesses.SignalAsync(pid, "KILL");
        await Eventually.HoldsAsync(() => !Directory.Exists($"/proc/{pid}"), "it is gone");
    }

    private Task BackAsync(int node)
    {
        var config = Path.Combine(Fleet.DataFolder, ConfigOf(node));
        File.Move(config + ".away", config);
        return Eventually.HoldsAsync(() => RunningProcesses.Find(config) is not null, "it runs again");
    }

    [Fact]
    public async Task FleetOfOneNode_BroughtUpWithThree_AndAllOfThemRestarted_ConvergesAsItWas()
    {
        var fleet = await RunningFleet.StartAsync();
        try
        {
            await fleet.BuildImagesAsync();
            await RunsAsync(fleet, "one");
            fleet = await fleet.AgainAsync(() => Task.CompletedTask, Servers);
            await RunsAsync(fleet, "one");
            await RunsAsync(fleet, "three");
            var servers = fleet.NatsServers;

            fleet = await fleet.AgainAsync(() => Task.CompletedTask);
            fleet.NatsServers.ShouldBe(servers);
            await RunsAsync(fleet, "one");
            await RunsAsync(fleet, "three");
            await RunsAsync(fleet, "again");
        }
        finally
        {
            await fleet.DisposeAsync();
        }
    }

    /// <summary>What a former start left in the store is not taken for what runs.</summary>
    private static async Task RunsAsync(RunningFleet fleet, string name)
    {
        await fleet.Api.ApplyAsync(Deployment(name));
        await fleet.Api.UntilConvergedAsync(name);
        await Eventually.HoldsAsync(async () => await fleet.ContainersAsync(name) is [{ State: ContainerState.Running }], $"{name} runs");
        await Eventually.HoldsAsync(() => fleet.Api.AnswersAsync(fleet.Device.Value), "the device answers");
    }

    private static string ConfigOf(int node) => $"nats/node-{node}/nats.conf";

    private static void Say(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);

    /// <summary>Does it, and says how long it took from then on until writes are acknowledged, devices answer, and a new deployment runs on all of them.</summary>
    private async Task FaultAsync(string what, AcknowledgedWrites writes, Func<Task> fault)
    {
        var (name, refused) = ($"after-{Guid.NewGuid():N}"[..20], writes.Refused);
        var watch = Stopwatch.StartNew();
        await fault();
        var done = watch.Elapsed;
        await writes.GoOnAsync(50);
        var written = watch.Elapsed;
        await Fleet.Api.ApplyAsync(Deployment(name));
        await Fleet.Api.UntilConvergedAsync(name, Devices);
        var converged = watch.Elapsed;
        for (var device = 1; device <= Devices; device++)
        {
            await Eventually.HoldsAsync(() => Fleet.Api.AnswersAsync($"device-{device}"), $"device-{device} answers", TimeSpan.FromSeconds(120));
        }

        Say($"{what}: done after {done.TotalSeconds:0.0} s, writes {written.TotalSeconds:0.0} s, converged {converged.TotalSeconds:0.0} s, devices answer {watch.Elapsed.TotalSeconds:0.0} s; {writes.Refused - refused} writes not acknowledged");
        await Fleet.Api.DeleteAsync(name);
        await Fleet.Api.UntilDeletedAsync(name);
    }

    private static async Task NothingIsLostAsync(AcknowledgedWrites writes)
    {
        (await writes.LostAsync()).ShouldBeEmpty();
        writes.Count.ShouldBeGreaterThan(0);
        Say($"{writes.Count} writes were acknowledged and read back at each of {Servers} servers; {writes.Refused} were not acknowledged");
    }

    /// <summary>No port of the machine, which the devices share.</summary>
    private static Contracts.Resources.Deployment Deployment(string name) => Web.Deployment(name, 1, FreePort.Next()).With(container => container with { Ports = [] });

    private async Task<ObservedContainer[]> StandingAsync(string name)
    {
        await Fleet.Api.ApplyAsync(Deployment(name));
        await Fleet.Api.UntilConvergedAsync(name, Devices);
        return await ContainersAsync(name);
    }

    private Task<ObservedContainer[]> ContainersAsync(string name) => Task.WhenAll(Enumerable.Range(1, Devices).Select(device => Fleet.ContainerAsync(name, device)));

    private async Task AreUntouchedAsync(string name, ObservedContainer[] before) =>
        (await ContainersAsync(name)).Select(container => (container.Id, container.StartedAt, container.State)).ShouldBe(before.Select(container => (container.Id, container.StartedAt, container.State)));

    private int Connects(int device) => File.ReadLines(Path.Combine(Fleet.DataFolder, "logs", $"device-{device}.log")).Count(line => line.Contains("Connected to NATS at", StringComparison.Ordinal));

    /// <summary>One fleet for all of them.</summary>
    public sealed class Cluster : IAsyncLifetime
    {
        private RunningFleet? fleet;

        public RunningFleet Fleet => fleet ?? throw new InvalidOperationException("The fleet is not up.");

        public async ValueTask InitializeAsync()
        {
            fleet = await RunningFleet.StartAsync(Devices, Servers);
            for (var device = 1; device <= Devices; device++)
            {
                await fleet.BuildImagesAsync(device);
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (fleet is not null)
            {
                await fleet.DisposeAsync();
            }
        }
    }
}
