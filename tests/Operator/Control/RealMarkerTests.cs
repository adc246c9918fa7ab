using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Operator.Control;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Harness;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Harmony.Fleet.Tests.Operator.Control;

/// <summary>What the operator deletes on a real nats-server leaves nothing there, and can be made again.</summary>
[Trait("Category", "Integration")]
public sealed class RealMarkerTests
{
    private static readonly string[] OfDevices = [BucketNames.DeviceInfo, BucketNames.DeviceState, BucketNames.DeviceHeartbeat, BucketNames.DesiredState];

    private static readonly ControlOptions Brief = ControlledFleet.Quick with
    {
        MarkerInterval = TimeSpan.FromMilliseconds(100),
        MarkerGrace = TimeSpan.FromMilliseconds(300),
        ScoreInterval = TimeSpan.FromMilliseconds(50),
        ScoreGrace = TimeSpan.FromMilliseconds(100),
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task RemovedDevice_AndScore_LeaveNoMessage_AndComeBack(string version)
    {
        await using var fleet = await RealFixture.StartAsync(version, Brief);
        var pi = await RunningAsync(fleet, "pi-1");
        var score = pi.Entries[0].Address.Value;

        await fleet.DeleteAsync("hello");
        await pi.TakeAsync();
        await Eventually.HoldsAsync(async () => !(await KeysAsync(fleet, BucketNames.Scores)).Contains(score), "nothing is left of the score");
        await RemoveAsync(fleet, "pi-1");
        foreach (var bucket in OfDevices)
        {
            await Eventually.HoldsAsync(async () => (await KeysAsync(fleet, bucket)).Length == 0, $"nothing is left in {bucket}");
        }

        var anew = await RunningAsync(fleet, "pi-1");
        anew.Entries[0].Address.Value.ShouldBe(score);
        (await KeysAsync(fleet, BucketNames.Scores)).ShouldBe([score]);
    }

    /// <summary>As an operator before left them, in buckets whose settings are not these any more.</summary>
    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task OldMarkers_OfOldBuckets_GoAsWell_AndValuesStay(string version)
    {
        await using var fleet = await RealFixture.StartAsync(version);
        await RunningAsync(fleet, "pi-1");
        var pi = await RunningAsync(fleet, "pi-2", devices: 2);
        await RemoveAsync(fleet, "pi-1");
        foreach (var bucket in OfDevices)
        {
            await Eventually.HoldsAsync(async () => await fleet.Observer.Bucket(bucket).GetAsync("pi-1", Token) is GetOutcome.Missing, $"its key in {bucket} is gone");
            (await KeysAsync(fleet, bucket)).ShouldContain("pi-1", "its marker stays for an hour");
        }

        await fleet.EndAsync();
        var before = (await fleet.StoredAsync("pi-2"))!.Revision;
        await ChangeAsync(fleet, BucketNames.DesiredState, config => config with { AllowRollupHdrs = true, MaxMsgSize = -1 });
        await fleet.BeginAsync(Brief);

        foreach (var bucket in OfDevices)
        {
            await Eventually.HoldsAsync(async () => (await KeysAsync(fleet, bucket)).SequenceEqual(["pi-2"]), $"nothing is left of pi-1 in {bucket}");
        }

        fleet.Log.Count("Corrected the bucket desired-state").ShouldBe(1);
        (await fleet.StoredAsync("pi-2"))!.Revision.ShouldBe(before);
        await fleet.ApplyAsync("hello", "localhost/hello:2");
        await Eventually.HoldsAsync(async () => await pi.LookAsync() is Core.Reconciling.ManifestVerdict.Accepted, "it goes on");
    }

    private static async Task<FakeAgent> RunningAsync(RealFixture fleet, string name, int devices = 1)
    {
        await Eventually.HoldsAsync(() => fleet.Log.Count("Created the bucket scores") == 1, "the buckets are there");
        var agent = new FakeAgent(fleet.Observer, name, ControlledFleet.Master);
        await agent.SayHelloAsync(("group", "a"));
        await fleet.ApplyAsync("hello");
        await agent.TakeAsync("hello");
        await agent.ReportAsync(Phase.Running);
        await fleet.AggregateAsync("hello", new() { MatchedDeviceCount = devices, Succeeded = devices });
        return agent;
    }

    private static async Task RemoveAsync(RealFixture fleet, string device)
    {
        (await fleet.Store.DeleteAsync(ResourceTypes.Devices, new ResourceKey(null, device), DeletePreconditions.None, Token)).ShouldBeOfType<StoreOutcome<Device>.Ok>();
        await Eventually.HoldsAsync(async () => await fleet.DeviceAsync(device) is null, "the device is gone");
    }

    /// <summary>The keys of which the bucket's stream holds a message, be it a marker.</summary>
    private static async Task<string[]> KeysAsync(RealFixture fleet, string bucket)
    {
        await using var connection = new NatsConnection(new NatsOpts { Url = fleet.Server.Url });
        var stream = await new NatsJSContext(connection).GetStreamAsync("KV_" + bucket, new StreamInfoRequest { SubjectsFilter = ">" }, Token);
        return [.. (stream.Info.State.Subjects?.Keys ?? []).Select(subject => subject[(subject.LastIndexOf('.') + 1)..]).Order(StringComparer.Ordinal)];
    }

    private static async Task ChangeAsync(RealFixture fleet, string bucket, Func<StreamConfig, StreamConfig> change)
    {
        await using var connection = new NatsConnection(new NatsOpts { Url = fleet.Server.Url });
        var streams = new NatsJSContext(connection);
        await streams.UpdateStreamAsync(change((await streams.GetStreamAsync("KV_" + bucket, cancellationToken: Token)).Info.Config), Token);
    }
}
