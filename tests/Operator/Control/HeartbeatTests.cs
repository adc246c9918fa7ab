using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Devices;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Operator.Control;

/// <summary>Which heartbeats are signs of life, whatever the device's clock says.</summary>
public sealed class HeartbeatTests : IAsyncLifetime
{
    private const string Unreachable = "Device pi-1 is unreachable";
    private ControlFixture fleet = null!;
    private FakeAgent pi = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        fleet = await ControlFixture.StartAsync(ControlledFleet.Quick with { Reachability = new ReachabilityOptions { Interval = TimeSpan.FromMilliseconds(600) } });
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
        for (var uptime = 1; uptime <= 30; uptime++)
        {
            await pi.BeatAsync(at: at.AddMilliseconds(100 * uptime), uptime: uptime);
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
        await pi.BeatAsync(at: TimeProvider.System.GetUtcNow().AddHours(hours), uptime: 1);
        await fleet.ConditionAsync("pi-1", ConditionTypes.Reachable, ConditionStatus.True);
        await fleet.ConditionAsync("pi-1", ConditionTypes.Reachable, ConditionStatus.False);
    }

    [Fact]
    public async Task Heartbeat_PutAgain_IsNoSignOfLife()
    {
        var at = TimeProvider.System.GetUtcNow().AddSeconds(1);
        await pi.BeatAsync(at: at, uptime: 5);
        for (var again = 0; again < 100 && fleet.Log.Count(Unreachable) == 0; again++)
        {
            await pi.BeatAsync(at: at, uptime: 5);
            await pi.BeatAsync(at: at.AddHours(1), uptime: 4);
            await Task.Delay(100, Token);
        }

        fleet.Log.Count(Unreachable).ShouldBe(1);
    }
}
