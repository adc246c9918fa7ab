using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>What is asked and written of a Device when its device speaks.</summary>
public sealed class DeviceWriterTests
{
    private readonly EngineRig rig = new();
    private long sequence;

    /// <summary>After a start every device says what its resource says already: a fleet's worth of questions would come of it.</summary>
    [Fact]
    public void Info_ThatTheResourceSaysAlready_AsksAndWritesNothing()
    {
        var next = Restarted(Told());

        next.Step(Info(next)).ShouldBe(["keep contact of pi-1"]);
    }

    [Theory]
    [InlineData("model")]
    [InlineData("version")]
    [InlineData("label")]
    [InlineData("health")]
    public void Info_ThatSaysSomethingElse_AsksAndWrites(string what)
    {
        var next = Restarted(Told());
        var info = Info(next).Info;
        next.Step(new FleetEvent.InfoHeard(
            what switch
            {
                "model" => info with { Inventory = info.Inventory with { Model = "another" } },
                "version" => info with { AgentVersion = "2" },
                "label" => info with { Labels = info.Labels.SetItem("zone", "b") },
                _ => info with { HealthFlags = ["PodmanUnavailable"] },
            },
            next.Now));
        next.Settle();

        var (made, status) = (next.StoredDevice.Spec.Inventory!, next.StoredDevice.Status!);
        made.Model.ShouldBe(what == "model" ? "another" : "a board");
        status.AgentVersion.ShouldBe(what == "version" ? "2" : "1");
        status.ReportedLabels.GetValueOrDefault("zone").ShouldBe(what == "label" ? "b" : "a");
        (status.Conditions.Of(ConditionTypes.Unhealthy)?.Status is ConditionStatus.True).ShouldBe(what == "health");
    }

    [Fact]
    public void Info_OfADeviceThatIsWellAgain_IsWritten()
    {
        var sick = Told(info => info with { HealthFlags = ["PodmanUnavailable"] });
        sick.Status!.Conditions.Of(ConditionTypes.Unhealthy)!.Status.ShouldBe(ConditionStatus.True);
        var next = Restarted(sick);
        next.Open.ShouldBeEmpty("it has not said anything yet");

        next.Step(Info(next));
        next.Settle();

        next.StoredDevice.Status!.Conditions.Of(ConditionTypes.Unhealthy)!.Status.ShouldBe(ConditionStatus.False);
    }

    /// <summary>Somebody changed spec.inventory by hand: what the device said is written again when it next says so, as it does every ten minutes, with the count that it had.</summary>
    [Fact]
    public void InventoryThatSomebodyChanged_IsWrittenAgain_WhenTheSameInfoComesAgain()
    {
        FleetEvent.InfoHeard said = null!;
        var told = Told(info => (said = new(info, rig.Now)).Info);
        rig.Step(said).ShouldBeEmpty("it is stored");
        rig.Step(new FleetEvent.DeviceSeen(told with { Metadata = told.Metadata with { ResourceVersion = "by hand", Generation = 9 }, Spec = told.Spec with { Inventory = new() { Model = "by hand" } } }))
            .ShouldContain("read again what pi-1 says");
        rig.Open.ShouldBeEmpty("it is not known here what the device said");

        rig.Step(said);

        rig.Open.OfType<FleetEffect.UpdateDevice>().ShouldHaveSingleItem().Resource.Spec.Inventory!.Model.ShouldBe("a board");
        rig.Settle();
        rig.Step(said).ShouldBeEmpty("once");
    }

    [Fact]
    public void LabelsThatNobodyMaySet_AreTold_OnceForBothWhoSayThem()
    {
        var device = Told() with { Spec = new() { Labels = Labels("fleet.nationtech.io/role", "x") } };
        rig.Step(new FleetEvent.DeviceSeen(device with { Metadata = device.Metadata with { ResourceVersion = "by hand", Generation = 9 } }));
        rig.Step(new FleetEvent.InfoHeard(Info(rig).Info with { Labels = Labels("a b", "x") }, rig.Now));
        rig.Settle();

        rig.StoredDevice.Status!.Conditions.Of(ConditionTypes.LabelsRejected)!.Message.ShouldStartWith("a b: ");
        rig.StoredDevice.Status!.Conditions.Of(ConditionTypes.LabelsRejected)!.Message.ShouldEndWith("; fleet.nationtech.io/role: only the control plane sets it");
        rig.StoredDevice.Metadata.Labels.Keys.ShouldBe(["device-id"]);
    }

    /// <summary>The Device as it is stored once it was heard.</summary>
    private Device Told(Func<DeviceInfo, DeviceInfo>? change = null)
    {
        rig.Begin([], [Device("pi-1") with { Spec = new() }]);
        rig.Step(new FleetEvent.InfoHeard((change ?? (info => info))(Info(rig).Info), rig.Now));
        rig.Step(Beat(rig));
        rig.Settle();
        return rig.StoredDevice;
    }

    private EngineRig Restarted(Device stored)
    {
        var next = new EngineRig();
        next.Begin([], [stored]);
        next.Step(Beat(next));
        next.Settle();
        return next;
    }

    private FleetEvent Beat(EngineRig rig) => rig.Beat("pi-1", new DocumentOrder(1, ++sequence));

    private FleetEvent.InfoHeard Info(EngineRig rig) => new(
        new DeviceInfo
        {
            Device = DeviceId.Parse("pi-1"), Instance = "run", Boot = 1, Sequence = ++sequence, CommandNonce = "nonce", At = rig.Now, AgentVersion = "1", Labels = Labels("zone", "a"),
            Inventory = new() { Model = "a board", Cpus = 4 },
        },
        rig.Now);

    private static ImmutableSortedDictionary<string, string> Labels(string key, string value) => ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create(key, value)]);
}
