using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Devices;
using Harmony.Fleet.Operator.Control;
using Harmony.Fleet.Operator.Readiness;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace Harmony.Fleet.Tests.Operator.Control;

/// <summary>The operator's clock is put back, by a time server or because its virtual machine was resumed: what is due is done, and nobody is told unreachable for it.</summary>
public sealed class ClockTests : IAsyncDisposable
{
    private const string Begins = "begins its leadership";
    private ControlFixture fleet = null!;
    private FakeAgent pi = null!;

    public ValueTask DisposeAsync() => fleet.DisposeAsync();

    [Fact]
    public async Task PutBackAnHour_BeginsAnew_MovesNoManifest_AndTellsNobodyUnreachable()
    {
        var interval = TimeSpan.FromSeconds(2);
        await BeginAsync(ControlledFleet.Quick with { Reachability = new ReachabilityOptions { Interval = interval } });
        var before = fleet.Broker.WritesOf(BucketNames.DesiredState);

        fleet.Clock.Shift = TimeSpan.FromHours(-1);
        await Eventually.HoldsAsync(() => fleet.Log.Count(Begins) == 2, "the operator begins anew");
        for (var beats = 0; beats < 10; beats++)
        {
            await pi.BeatAsync();
            await Task.Delay(interval / 2, TestContext.Current.CancellationToken);
        }

        await Eventually.HoldsAsync(() => Missing() is null, "it has caught up");
        fleet.Log.Count("The clock was put back by 3").ShouldBe(1);
        fleet.Log.Count("unreachable:").ShouldBe(0);
        (await fleet.DeviceAsync("pi-1"))!.Status!.Conditions.Of(ConditionTypes.Reachable)!.Status.ShouldBe(ConditionStatus.True);
        fleet.Broker.WritesOf(BucketNames.DesiredState).ShouldBe(before);
    }

    [Fact]
    public async Task PutBackAnHour_StatusIsWritten_FailedWritesAreTriedAgain_AndDeletedBucketsAreMadeAnew()
    {
        await BeginAsync();
        fleet.Clock.Shift = TimeSpan.FromHours(-1);
        await fleet.ApplyAsync("db", "localhost/db:1");
        await fleet.NamesAsync("pi-1", "db", "web");
        await fleet.AggregateAsync("db", new() { MatchedDeviceCount = 1, Pending = 1 });

        fleet.Broker.LoseBucket(BucketNames.Scores);
        await Eventually.HoldsAsync(() => fleet.Log.Count("Created the bucket scores") == 2, "the bucket is made anew");
        await Eventually.HoldsAsync(() => fleet.Log.Count("Stored the score") == 4, "and both scores are put again");

        fleet.StoreOutage = "away for the test";
        await pi.TakeAsync("db", "web");
        await pi.ReportAsync(Phase.Running);
        await Task.Delay(ControlledFleet.Quick.FlushInterval * 5, TestContext.Current.CancellationToken);
        fleet.StoreOutage = null;
        await fleet.AggregateAsync("db", new() { MatchedDeviceCount = 1, Succeeded = 1 });
    }

    [Fact]
    public async Task PutBackAnHour_WhileTheStoreIsAway_IsWhyItIsNotReady()
    {
        await BeginAsync();
        fleet.StoreOutage = "away for the test";
        fleet.Clock.Shift = TimeSpan.FromHours(-1);

        await Eventually.HoldsAsync(() => Missing() is { } missing && missing.Contains("it began anew, since the clock was put back by 3", StringComparison.Ordinal), "/readyz says why");
        fleet.StoreOutage = null;
        await Eventually.HoldsAsync(() => Missing() is null, "it has caught up");
    }

    [Fact]
    public async Task PutBackByTwoSeconds_IsWaitedFor()
    {
        await BeginAsync();
        fleet.Clock.Shift = TimeSpan.FromSeconds(-2);
        await fleet.ApplyAsync("db");

        await fleet.NamesAsync("pi-1", "db", "web");
        await fleet.AggregateAsync("db", new() { MatchedDeviceCount = 1, Pending = 1 });
        fleet.Log.Count(Begins).ShouldBe(1);
        fleet.Log.Count("unreachable:").ShouldBe(0);
    }

    private async Task BeginAsync(ControlOptions? options = null)
    {
        fleet = await ControlFixture.StartAsync(options);
        await Eventually.HoldsAsync(() => fleet.Log.Count("Created the bucket scores") == 1, "the buckets are there");
        pi = new FakeAgent(fleet.Broker.Connect(), "pi-1", ControlledFleet.Master);
        await pi.SayHelloAsync(("group", "a"));
        await fleet.ApplyAsync("web");
        await pi.TakeAsync("web");
        await pi.ReportAsync(Phase.Running);
        await fleet.AggregateAsync("web", new() { MatchedDeviceCount = 1, Succeeded = 1 });
    }

    private string? Missing() => fleet.Services.GetServices<IReadinessCheck>().Single(check => check.Name == "control").Missing();
}
