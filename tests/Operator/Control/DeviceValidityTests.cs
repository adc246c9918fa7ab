using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Tests.Operator.Control;

/// <summary>Devices that came past the API, with what it would have refused.</summary>
public sealed class DeviceValidityTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Device_Invalid_IsMarkedUntilItIsPutRight_AndTheRestOfItIsUsed()
    {
        await using var fleet = await ControlFixture.StartAsync();
        var labels = ImmutableSortedDictionary<string, string>.Empty.Add("group", "a").Add("fleet.nationtech.io/role", "forged");
        (await fleet.Store.CreateAsync(
            ResourceTypes.Devices, new Device { Metadata = new() { Name = "pi-1" }, Spec = new() { Labels = labels } }, Token)).ShouldBeOfType<StoreOutcome<Device>.Ok>();
        await fleet.ConditionAsync("pi-1", ConditionTypes.Invalid, ConditionStatus.True);

        await fleet.ApplyAsync("hello");
        await fleet.NamesAsync("pi-1", "hello");
        var device = (await fleet.DeviceAsync("pi-1"))!;
        var invalid = device.Status!.Conditions.Of(ConditionTypes.Invalid)!;
        invalid.Reason.ShouldBe("ValidationFailed");
        invalid.Message.ShouldContain("spec.labels.fleet.nationtech.io/role");
        fleet.Log.Count("Device pi-1 is invalid").ShouldBe(1);

        await fleet.ChangeAsync(
            ResourceTypes.Devices, new(null, "pi-1"), present => present with { Spec = present.Spec with { Labels = labels.Remove("fleet.nationtech.io/role") } });
        await fleet.ConditionAsync("pi-1", ConditionTypes.Invalid, ConditionStatus.False);
    }
}
