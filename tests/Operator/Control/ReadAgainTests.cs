using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Operator.Control;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Operator.Control;

/// <summary>What a device said and did not change is not read again by a resync, but where the engine asks for it.</summary>
public sealed class ReadAgainTests : IAsyncLifetime
{
    private static readonly ControlOptions Often = ControlledFleet.Quick with { ResyncInterval = TimeSpan.FromMilliseconds(300) };
    private SqliteFixture fleet = null!;

    public async ValueTask InitializeAsync()
    {
        fleet = await SqliteFixture.StartAsync(Often);
        await Eventually.HoldsAsync(() => fleet.Log.Count("Created the bucket scores") == 1, "the buckets are there");
        await new FakeAgent(fleet.Broker.Connect(), "pi-1", ControlledFleet.Master).SayHelloAsync(("group", "a"));
        await fleet.NamesAsync("pi-1");
        await InventoryAsync("arm64");
    }

    public ValueTask DisposeAsync() => fleet.DisposeAsync();

    [Fact]
    public async Task Inventory_ChangedByHand_IsWhatTheDeviceSaysAgain_ThoughItSaysNothingNew()
    {
        await fleet.ConditionAsync("pi-1", ConditionTypes.Reachable, ConditionStatus.True);

        await fleet.ChangeAsync(ResourceTypes.Devices, new ResourceKey(null, "pi-1"), present => present with { Spec = present.Spec with { Inventory = new() { Architecture = "by hand" } } });

        await InventoryAsync("arm64");
    }

    private Task InventoryAsync(string architecture) => Eventually.HoldsAsync(
        async () => (await fleet.DeviceAsync("pi-1"))?.Spec.Inventory?.Architecture == architecture, $"the device is of {architecture}", TimeSpan.FromSeconds(20));
}
