using System.Diagnostics;
using System.Diagnostics.Metrics;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Operator.Telemetry;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Operator.Control;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace Harmony.Fleet.Tests.Operator.Telemetry;

/// <summary>What the shell measures around the engine.</summary>
public sealed class LoopMeterTests
{
    [Fact]
    public async Task Loop_ThatWorks_TellsTurnsEventsEffectsAndTheLagOfReports()
    {
        await using var fleet = await StartAsync();
        var meters = fleet.Services.GetRequiredService<IMeterFactory>();
        using var turns = new MetricCollector<double>(meters, FleetMeter.Name, "fleet.loop.turn.duration");
        using var events = new MetricCollector<long>(meters, FleetMeter.Name, "fleet.loop.events");
        using var effects = new MetricCollector<double>(meters, FleetMeter.Name, "fleet.effect.duration");
        using var active = new MetricCollector<long>(meters, FleetMeter.Name, "fleet.effect.active");
        using var lags = new MetricCollector<double>(meters, FleetMeter.Name, "fleet.report.lag");
        using var queue = new MetricCollector<long>(meters, FleetMeter.Name, "fleet.loop.queue.length");
        using var waiting = new MetricCollector<long>(meters, FleetMeter.Name, "fleet.loop.work.waiting");
        var pi = new FakeAgent(fleet.Observer, "pi-1", ControlledFleet.Master);

        await pi.SayHelloAsync(("group", "a"));
        await fleet.ConditionAsync("pi-1", ConditionTypes.Reachable, ConditionStatus.True);
        await fleet.ApplyAsync("web");
        await pi.TakeAsync("web");
        await pi.ReportAsync(Contracts.Bus.Phase.Running);
        await fleet.AggregateAsync("web", new() { MatchedDeviceCount = 1, Succeeded = 1 });
        await Eventually.HoldsAsync(() => active.GetMeasurementSnapshot().Sum(one => one.Value) == 0, "all that began has ended");

        turns.GetMeasurementSnapshot().ShouldAllBe(one => one.Value > 0);
        Sum(events, "event", "ReportHeard").ShouldBe(2);
        Sum(events, "event", "InfoHeard").ShouldBe(1);
        effects.GetMeasurementSnapshot().Count(one => one.Tags["effect"] is "PutManifest" && one.Tags["outcome"] is "ManifestPut").ShouldBeGreaterThan(0);
        effects.GetMeasurementSnapshot().Count(one => one.Tags["effect"] is "CreateDevice" && one.Tags["outcome"] is "DeviceStored").ShouldBe(1);
        active.GetMeasurementSnapshot().Count(one => one.Value == 1).ShouldBe(effects.GetMeasurementSnapshot().Count);
        lags.GetMeasurementSnapshot().Count.ShouldBe(2);
        queue.RecordObservableInstruments();
        queue.LastMeasurement!.Value.ShouldBeGreaterThanOrEqualTo(0);
        await Eventually.HoldsAsync(
            () =>
            {
                waiting.RecordObservableInstruments();
                return waiting.LastMeasurement!.Value == 0;
            },
            "nothing waits any more");
    }

    [Fact]
    public async Task ReportsThatWereThereBefore_SayNothingOfTheLag()
    {
        await using var fleet = await StartAsync();
        var pi = new FakeAgent(fleet.Observer, "pi-1", ControlledFleet.Master);
        await pi.SayHelloAsync(("group", "a"));
        await fleet.ApplyAsync("web");
        await pi.TakeAsync("web");
        await pi.ReportAsync(Contracts.Bus.Phase.Running);
        await fleet.EndAsync();

        await fleet.BeginAsync();
        using var lags = new MetricCollector<double>(fleet.Services.GetRequiredService<IMeterFactory>(), FleetMeter.Name, "fleet.report.lag");
        await fleet.AggregateAsync("web", new() { MatchedDeviceCount = 1, Succeeded = 1 });
        await pi.ReportAsync(Contracts.Bus.Phase.Failed);
        await fleet.AggregateAsync("web", new() { MatchedDeviceCount = 1, Failed = 1 });

        lags.GetMeasurementSnapshot().Count.ShouldBe(1);
    }

    [Fact]
    public async Task DocumentWithAWrongMac_IsCounted()
    {
        await using var fleet = await StartAsync();
        using var refused = new MetricCollector<long>(fleet.Services.GetRequiredService<IMeterFactory>(), FleetMeter.Name, "fleet.bus.documents.refused");
        var stranger = new FakeAgent(fleet.Observer, "pi-1", Core.Trust.MasterKey.Parse(Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray())));

        await stranger.SayHelloAsync();

        await Eventually.HoldsAsync(() => Sum(refused, "bucket", "device-info") == 1 && Sum(refused, "bucket", "device-heartbeat") == 1, "both are counted");
    }

    [Fact]
    public async Task Effect_IsAnActivity_ThatNamesWhatItDoes()
    {
        var seen = new System.Collections.Concurrent.ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == FleetMeter.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = seen.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var fleet = await StartAsync();
        await new FakeAgent(fleet.Observer, "pi-of-this-test", ControlledFleet.Master).SayHelloAsync(("group", "a"));

        await Eventually.HoldsAsync(
            () => seen.Any(one => one.OperationName == "CreateDevice" && one.GetTagItem("effect") is string text && text.StartsWith("create device pi-of-this-test", StringComparison.Ordinal)),
            "the effect is an activity");
    }

    private static async Task<ControlFixture> StartAsync()
    {
        var fleet = await ControlFixture.StartAsync();
        await Eventually.HoldsAsync(() => fleet.Log.Count("Created the bucket scores") == 1, "the buckets are there");
        return fleet;
    }

    private static long Sum(MetricCollector<long> collector, string tag, string value) =>
        collector.GetMeasurementSnapshot().Where(one => one.Tags[tag] is string text && text == value).Sum(one => one.Value);
}
