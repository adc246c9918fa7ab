using System.Diagnostics.Metrics;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Operator.Telemetry;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace Harmony.Fleet.Tests.Operator.Control;

/// <summary>A device with keys of its own that says more than anybody wants to hear, each time something else.</summary>
public sealed class FloodTests
{
    [Fact]
    public async Task DeviceThatFloods_CostsLittle_AndItsLastWordCounts()
    {
        await using var fleet = await ControlFixture.StartAsync();
        await Eventually.HoldsAsync(() => fleet.Log.Count("Created the bucket scores") == 1, "the buckets are there");
        using var events = new MetricCollector<long>(fleet.Services.GetRequiredService<IMeterFactory>(), FleetMeter.Name, "fleet.loop.events");
        var (wild, calm) = (new FakeAgent(fleet.Observer, "pi-1", ControlledFleet.Master), new FakeAgent(fleet.Observer, "pi-2", ControlledFleet.Master));
        await wild.SayHelloAsync(("group", "a"));
        await calm.SayHelloAsync(("group", "a"));
        await fleet.ApplyAsync("web");
        await wild.TakeAsync("web");
        await calm.TakeAsync("web");

        for (var number = 0; number < 2000; number++)
        {
            await wild.ReportAsync(number % 2 == 0 ? Phase.Running : Phase.Failed, refusal: new() { Reason = RefusalReason.BadMac, Message = $"{number} {new string('x', 20_000)}" });
        }

        await wild.ReportAsync(Phase.Pulling);
        await calm.ReportAsync(Phase.Running);

        await Eventually.HoldsAsync(() => fleet.Log.Count("Device pi-1 puts more into device-state than is taken in") > 0, "it is told");
        await fleet.AggregateAsync("web", new() { MatchedDeviceCount = 2, Succeeded = 1, Pending = 1 });
        events.GetMeasurementSnapshot().Where(one => one.Tags["event"] is "ReportHeard").Sum(one => one.Value).ShouldBeLessThan(200);
        fleet.Log.Count("Device pi-1 puts more into device-state than is taken in").ShouldBeInRange(1, 2);
        fleet.Log.Count("Device pi-1 refused a manifest").ShouldBeInRange(1, 4);
        fleet.Log.Lines().ShouldAllBe(line => line.Length < 1000);
        (await fleet.DeviceAsync("pi-1"))!.Status!.Conditions.ShouldAllBe(condition => condition.Message.Length <= WireLimits.MaxErrorBytes);
    }

    [Fact]
    public async Task TextsWithoutEnd_AreCut_AndARunThatNobodyCouldName_IsNotHeard()
    {
        await using var fleet = await ControlFixture.StartAsync();
        await Eventually.HoldsAsync(() => fleet.Log.Count("Created the bucket scores") == 1, "the buckets are there");
        var (pi, text) = (new FakeAgent(fleet.Observer, "pi-1", ControlledFleet.Master), new string('x', 9_000));
        DeviceInfo Info(long sequence, string instance, string nonce) => new()
        {
            Device = pi.Id, Instance = instance, CommandNonce = nonce, Boot = 100, Sequence = sequence, At = TimeProvider.System.GetUtcNow(),
            AgentVersion = text, Inventory = new() { Hostname = $"{sequence}", Kernel = text, Model = text, OperatingSystem = text, Architecture = text, PodmanVersion = text },
        };
        Task PutAsync(DeviceInfo info) => pi.PutAsync(BucketNames.DeviceInfo, MessageKinds.Info, ContractsJson.Bus.DeviceInfo, info);

        await PutAsync(Info(1, "one", "nonce"));
        await Eventually.HoldsAsync(async () => (await fleet.DeviceAsync("pi-1"))?.Status?.AgentVersion.Length > 0, "it is known");

        var device = (await fleet.DeviceAsync("pi-1"))!;
        var kept = device.Spec.Inventory!;
        new[] { device.Status!.AgentVersion, kept.Kernel, kept.Model, kept.OperatingSystem, kept.Architecture, kept.PodmanVersion }.ShouldAllBe(each => each.Length == 256);

        await PutAsync(Info(2, text, "nonce"));
        await PutAsync(Info(3, "one", text));
        await pi.BeatAsync(pi.Beat(other: text[..2000]));
        await Eventually.HoldsAsync(() => fleet.Log.Count("missing or too long") == 3, "all three are refused");
        (await fleet.DeviceAsync("pi-1"))!.Spec.Inventory!.Hostname.ShouldBe("1");
    }
}
