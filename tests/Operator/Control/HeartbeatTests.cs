using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Devices;
using Harmony.Fleet.Operator.Control;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Operator.Control;

/// <summary>Which heartbeats are signs of life, whatever the device's clock says.</summary>
public sealed class HeartbeatTests : IAsyncLifetime
{
    private const string Unreachable = "Device pi-1 is unreachable";
    private static readonly ControlOptions Options = ControlledFleet.Quick with { Reachability = new ReachabilityOptions { Interval = TimeSpan.FromMilliseconds(600) } };
    private ControlFixture fleet = null!;
    private FakeAgent pi = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        fleet = await ControlFixture.StartAsync(Options);
        await Eventually.HoldsAsync(() => fleet.Log.Count("Created the bucket scores") == 1, "the buckets are there");
        pi = new FakeAgent(fleet.Broker.Connect(), "pi-1", ControlledFleet.Master);
        await pi.SayHelloAsync(("group", "a"));
        await fleet.ConditionAsync("pi-1", ConditionTypes.Reachable, ConditionStatus.True);
    }

    public ValueTask DisposeAsync() => fleet.DisposeAsync();

    /// <summary>As when its clock is set, or had lost its battery.</summary>
    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(-100_000)]
    public async Task Device_WhoseClockJumps_StaysReachableWhileItLives(int hours)
    {
        var at = TimeProvider.System.GetUtcNow().AddHours(hours);
        for (var beats = 1; beats <= 30; beats++)
        {
            await pi.BeatAsync(at: at.AddMilliseconds(100 * beats));
            await Task.Delay(100, Token);
        }

        fleet.Log.Count(Unreachable).ShouldBe(0);
    }

    /// <summary>What is put while the operator watches is said now, whatever it says of the time.</summary>
    [Theory]
    [InlineData(-5)]
    [InlineData(5)]
    public async Task Device_WithAWrongClock_IsReachableAgainByItsNextHeartbeat(int hours)
    {
        await fleet.ConditionAsync("pi-1", ConditionTypes.Reachable, ConditionStatus.False);
        await pi.BeatAsync(at: TimeProvider.System.GetUtcNow().AddHours(hours));
        await fleet.ConditionAsync("pi-1", ConditionTypes.Reachable, ConditionStatus.True);
        await fleet.ConditionAsync("pi-1", ConditionTypes.Reachable, ConditionStatus.False);
    }

    [Fact]
    public async Task LastSeen_OfADeviceThatFellSilent_IsItsLastSignOfLifeAndOutlivesOperatorAndHeartbeats()
    {
        await Eventually.HoldsAsync(
            async () =>
            {
                await pi.BeatAsync();
                return (await fleet.DeviceAsync("pi-1"))!.Status!.LastSeen is null;
            },
            "its heartbeats tell");
        var before = TimeProvider.System.GetUtcNow();
        await pi.BeatAsync();
        var after = TimeProvider.System.GetUtcNow();
        await fleet.ConditionAsync("pi-1", ConditionTypes.Reachable, ConditionStatus.False);
        var noted = (await fleet.DeviceAsync("pi-1"))!.Status!.LastSeen.ShouldNotBeNull();
        noted.ShouldBeInRange(before.AddSeconds(-1), after.AddSeconds(1));

        await fleet.EndAsync();
        foreach (var bucket in (string[])[BucketNames.DeviceHeartbeat, BucketNames.DeviceInfo])
        {
            await fleet.Observer.Bucket(bucket).RemoveAsync("pi-1", Token);
        }

        await fleet.BeginAsync(Options);
        await fleet.ChangeAsync(ResourceTypes.Devices, new(null, "pi-1"), Relabelled);
        await Eventually.HoldsAsync(async () => (await fleet.DeviceAsync("pi-1"))!.Metadata.Labels.ContainsKey("seen"), "the operator looked at it");

        (await fleet.DeviceAsync("pi-1"))!.Status!.LastSeen.ShouldBe(noted);
        await pi.BeatAsync();
        await Eventually.HoldsAsync(async () => (await fleet.DeviceAsync("pi-1"))!.Status!.LastSeen is null, "it lives");
    }

    [Fact]
    public async Task LastSeen_OfADeviceThatFellSilentWhileTheOperatorWasAway_IsNotWhenTheOperatorFoundOut()
    {
        await pi.BeatAsync();
        var after = TimeProvider.System.GetUtcNow();
        await fleet.EndAsync();
        await Task.Delay(Options.Reachability.Limit + TimeSpan.FromSeconds(1.5), Token);

        await fleet.BeginAsync(Options);

        await fleet.ConditionAsync("pi-1", ConditionTypes.Reachable, ConditionStatus.False);
        (await fleet.DeviceAsync("pi-1"))!.Status!.LastSeen.ShouldNotBeNull().ShouldBeLessThan(after.AddSeconds(1));
    }

    [Fact]
    public async Task Heartbeat_PutAgain_IsNoSignOfLife()
    {
        var (old, newest) = (pi.Beat(), pi.Beat());
        await pi.BeatAsync(newest);
        for (var again = 0; again < 100 && fleet.Log.Count(Unreachable) == 0; again++)
        {
            await pi.BeatAsync(newest);
            await pi.BeatAsync(old);
            await Task.Delay(100, Token);
        }

        fleet.Log.Count(Unreachable).ShouldBe(1);
        await Eventually.HoldsAsync(
            async () => (await fleet.DeviceAsync("pi-1"))!.Status!.Conditions.Of(ConditionTypes.Reachable)?.Reason == "DocumentsOutdated", "the Device says why");
    }

    private static Device Relabelled(Device device) => device with { Spec = device.Spec with { Labels = device.Spec.Labels.SetItem("seen", "yes") } };
}
