using System.Diagnostics.Metrics;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Operator.Telemetry;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Conformance;
using Harmony.Fleet.Tests.Harness.Bus;
using Harmony.Fleet.Tests.Operator.Control;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace Harmony.Fleet.Tests.Operator.Telemetry;

/// <summary>Requests to store and bus, as they are measured.</summary>
public sealed class MeteredTests : IDisposable
{
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().AddSingleton<FleetMeter>().BuildServiceProvider();

    private IMeterFactory Meters => services.GetRequiredService<IMeterFactory>();

    private FleetMeter Meter => services.GetRequiredService<FleetMeter>();

    public void Dispose() => services.Dispose();

    [Fact]
    public async Task Store_TellsWhatWasAsked_AndWhatCameOfIt()
    {
        using var times = new MetricCollector<double>(Meters, FleetMeter.Name, "fleet.store.request.duration");
        var inner = new InMemoryResourceStore(TimeProvider.System);
        var store = new MeteredStore(inner, Meter);

        var created = (await store.CreateAsync(ResourceTypes.Deployments, ControlledFleet.Sample("web"), TestContext.Current.CancellationToken)).ShouldBeOfType<StoreOutcome<Deployment>.Ok>().Resource;
        await store.CreateAsync(ResourceTypes.Deployments, ControlledFleet.Sample("web"), TestContext.Current.CancellationToken);
        await store.PatchStatusAsync(ResourceTypes.Deployments, ResourceRevision.Of(created.Metadata), new DeploymentStatus(), TestContext.Current.CancellationToken);
        await store.ListAsync(ResourceTypes.Devices, new ListOptions(), TestContext.Current.CancellationToken);
        await store.DeleteAsync(ResourceTypes.Deployments, new ResourceKey("default", "web"), DeletePreconditions.None, TestContext.Current.CancellationToken);

        times.GetMeasurementSnapshot().Select(one => $"{one.Tags["operation"]} {one.Tags["kind"]}: {one.Tags["outcome"]}").ShouldBe(
            ["create Deployment: Ok", "create Deployment: AlreadyExists", "patch status Deployment: Ok", "list Device: Ok", "delete Deployment: Ok"]);
        times.GetMeasurementSnapshot().ShouldAllBe(one => one.Value > 0);
    }

    [Fact]
    public async Task Bus_TellsItsRequests_AndItsLink()
    {
        using var times = new MetricCollector<double>(Meters, FleetMeter.Name, "fleet.bus.request.duration");
        using var link = new MetricCollector<long>(Meters, FleetMeter.Name, "fleet.bus.link.up");
        var broker = new FakeBroker();
        var inner = broker.Connect();
        await using var bus = new MeteredBus(inner, Meter);
        await ((IBusAdmin)broker).EnsureBucketAsync(new BucketSettings { Name = BucketNames.Scores, Description = "scores", MaxValueBytes = 1024 }, TestContext.Current.CancellationToken);

        var bucket = bus.Bucket(BucketNames.Scores);
        await bucket.CreateAsync("a", new byte[] { 1 }, BusHeaders.None, TestContext.Current.CancellationToken);
        await bucket.CreateAsync("a", new byte[] { 1 }, BusHeaders.None, TestContext.Current.CancellationToken);
        await bucket.GetAsync("b", TestContext.Current.CancellationToken);
        link.RecordObservableInstruments();
        inner.GoDown("by the test");
        link.RecordObservableInstruments();

        times.GetMeasurementSnapshot().Select(one => $"{one.Tags["operation"]} {one.Tags["bucket"]}: {one.Tags["outcome"]}").ShouldBe(
            ["create scores: Stored", "create scores: Conflict", "get scores: Missing"]);
        link.GetMeasurementSnapshot().Select(one => one.Value).ShouldBe([1, 0]);
    }
}
