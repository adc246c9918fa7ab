using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.EndToEnd.Fleet;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Harness.Bus;

namespace Harmony.Fleet.Tests.EndToEnd.Scenarios;

/// <summary>Somebody who can write to the bus as the operator does, but has not its keys, or replays what it once wrote.</summary>
[Trait("Category", "Integration")]
public sealed class ForgedManifestTests(FleetFixture fixture) : IClassFixture<FleetFixture>
{
    private RunningFleet Fleet => fixture.Fleet;

    [Fact]
    public Task Manifest_WithAWrongMac_IsRefusedAndReported() => RefusedAsync("forged-mac", RefusalReason.BadMac, (held, _) =>
    {
        var master = MasterKey.Parse(Convert.ToBase64String(new byte[32]));
        return Empty(master, new Generation(held.Generation.Term, held.Generation.Counter + 1), Fleet.Device);
    });

    [Fact]
    public Task Manifest_OfAnotherDevice_IsRefusedAndReported() => RefusedAsync("forged-device", RefusalReason.BadMac, (held, master) =>
        Empty(master, new Generation(held.Generation.Term, held.Generation.Counter + 1), DeviceId.Parse("another")));

    [Fact]
    public Task Manifest_OfAnOlderGeneration_IsRefusedAndReported() => RefusedAsync("replayed", RefusalReason.Stale, (_, master) =>
        Empty(master, new Generation(0, 1), Fleet.Device));

    [Fact]
    public Task Manifest_OfTheHeldGenerationWithOtherBytes_IsRefusedAndReported() => RefusedAsync("forked", RefusalReason.Forked, (held, master) =>
        Empty(master, held.Generation, Fleet.Device));

    private static (byte[] Bytes, BusHeaders Headers) Empty(MasterKey master, Generation generation, DeviceId device)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(new DeviceManifest { Device = device, Generation = generation, Entries = [] }, ContractsJson.Bus.DeviceManifest);
        var keys = master.DeviceKeys(device, 1);
        return (bytes, new BusHeaders(MessageMac.Sign(keys.Down, keys.Epoch, MessageKinds.Manifest, device, bytes)));
    }

    private async Task RefusedAsync(string name, RefusalReason reason, Func<DeviceManifest, MasterKey, (byte[] Bytes, BusHeaders Headers)> forge)
    {
        await Fleet.Api.ApplyAsync(Web.Deployment(name, 1, FreePort.Next()));
        await Fleet.Api.UntilConvergedAsync(name);
        var before = await Fleet.ContainerAsync(name);
        await using var bus = await Fleet.ConnectAsOperatorAsync();
        var manifests = bus.Bucket(BucketNames.DesiredState);
        var held = await ReadAsync(manifests, ContractsJson.Bus.DeviceManifest);
        var master = MasterKey.Parse(await File.ReadAllTextAsync(Path.Combine(Fleet.DataFolder, "keys", "master.key"), TestContext.Current.CancellationToken));

        // The operator would put its own manifest back at once: it has to look away while the device decides.
        await Fleet.SignalAsync("operator/operator.json", "STOP");
        try
        {
            var (bytes, headers) = forge(held, master);
            (await manifests.PutAsync(Fleet.Device.Value, bytes, headers, TestContext.Current.CancellationToken)).ShouldBeOfType<PutOutcome.Stored>();
            await Eventually.HoldsAsync(
                async () => (await ReadAsync(bus.Bucket(BucketNames.DeviceState), ContractsJson.Bus.DeviceReport)).Refusal?.Reason == reason,
                $"the device reports {reason}");
            (await Fleet.ContainerAsync(name)).ShouldSatisfyAllConditions(
                container => container.Id.ShouldBe(before.Id),
                container => container.State.ShouldBe(ContainerState.Running));
        }
        finally
        {
            await Fleet.SignalAsync("operator/operator.json", "CONT");
        }

        await Eventually.HoldsAsync(
            async () => (await ReadAsync(bus.Bucket(BucketNames.DeviceState), ContractsJson.Bus.DeviceReport)).Refusal is null,
            "the operator's own manifest is back, and taken");
        await Fleet.Api.UntilConvergedAsync(name);
        (await Fleet.ContainerAsync(name)).Id.ShouldBe(before.Id);
    }

    private async Task<T> ReadAsync<T>(IBucket bucket, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        var found = (await bucket.GetAsync(Fleet.Device.Value, TestContext.Current.CancellationToken)).ShouldBeOfType<GetOutcome.Found>();
        return JsonSerializer.Deserialize(found.Entry.Value.Span, type)!;
    }
}
