using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>What a device said before is no news, whoever puts it again, and whoever hears it.</summary>
public sealed class OrderTests
{
    private static readonly Device Bare = Device("pi-1") with { Spec = new() };
    private static readonly DeviceId Pi = DeviceId.Parse("pi-1");
    private readonly EngineRig rig = new();
    private long beats = 1000;

    /// <summary>The operator before ended after it had made the Device, and before it wrote its status.</summary>
    [Fact]
    public void Device_WithoutAStatus_HasTheLabelsThatItWasMadeWith()
    {
        var made = Device("pi-1");
        rig.Begin([Deployment("web")], [made with { Metadata = made.Metadata with { Labels = made.Spec.Labels }, Spec = new() }]);

        rig.Open.OfType<FleetEffect.UpdateDevice>().ShouldHaveSingleItem().Resource.Metadata.Labels["group"].ShouldBe("a");
    }

    [Fact]
    public void OldInfo_PutAgain_MovesNoWorkload()
    {
        Converge();
        rig.Step(rig.Info("pi-1", new(5, 1), "b")).ShouldBeEmpty();
        rig.Step(rig.Info("pi-1", new(5, 9), "b")).ShouldBeEmpty("the newest one, again");
        rig.Step(rig.Info("pi-1", new(4, 70), "b")).ShouldBeEmpty("of a start before");
        rig.Step(rig.Info("pi-1", default, "b")).ShouldBeEmpty("without a count, of an agent before");
        rig.Notices.OfType<FleetNotice.DocumentOutdated>().ShouldHaveSingleItem().Order.ShouldBe(new(5, 1));

        rig.Step(rig.Info("pi-1", new(6, 1), "b"));
        rig.Settle();
        rig.StoredDevice.Metadata.Labels["group"].ShouldBe("b");
    }

    /// <summary>The store remembers what was taken, and which labels the device had.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OldInfo_PutAgainForTheNextOperator_MovesNoWorkload(bool comesFirst)
    {
        Converge();
        rig.StoredDevice.Status!.Taken.ShouldBe(new DeviceProgress(5, 9, 0));
        var next = new EngineRig();
        if (comesFirst)
        {
            next.Step(next.Info("pi-1", new(5, 1), "b"));
        }

        next.Begin([Deployment("web"), Deployment("db", "b")], [rig.StoredDevice]);
        next.Step(next.Info("pi-1", new(5, 1), "b"), next.Info("pi-1", new(4, 99), "b"), next.Report("pi-1", new(5, 2)));
        next.Settle();

        Name(next.Notices.OfType<FleetNotice.ManifestStored>().ShouldHaveSingleItem()).ShouldBe("web");

        next.Step(next.Info("pi-1", new(5, 9), "a")).ShouldContain("keep contact of pi-1", "the newest one is there still, and is taken by each operator once");
        next.Step(next.Info("pi-1", new(5, 10), "b"));
        next.Settle();
        Name(next.Notices.OfType<FleetNotice.ManifestStored>().Last()).ShouldBe("db");
    }

    [Fact]
    public void Heartbeat_OfAnOldStart_IsNoSignOfLife_AndTheDeviceSaysWhy()
    {
        Converge();
        rig.Step(rig.Beat("pi-1", At(5, 20)));
        for (var minute = 0; minute < 5; minute++)
        {
            rig.Step(TimeSpan.FromMinutes(1), rig.Beat("pi-1", At(4, 100)));
        }

        rig.Settle();
        Reachable.ShouldBe((ConditionStatus.False, "DocumentsOutdated"));
        rig.Step(rig.Beat("pi-1", At(6, 1)));
        rig.Settle();
        Reachable.ShouldBe((ConditionStatus.True, "HeartbeatsArrive"));
    }

    /// <summary>Nothing has come since the next operator began: what the one before found out stands.</summary>
    [Fact]
    public void DocumentsOutdated_ForTheNextOperator_IsNoSilence()
    {
        Converge();
        Pass(TimeSpan.FromMinutes(1));
        for (var minute = 0; minute < 5; minute++)
        {
            rig.Step(TimeSpan.FromMinutes(1), rig.Beat("pi-1", At(4, 100 + minute)));
        }

        rig.Settle();
        var next = new EngineRig();
        next.Begin([Deployment("web")], [rig.StoredDevice]);
        next.Step(TimeSpan.FromMinutes(1));
        next.Settle();
        ReasonOf(next.DeviceOf("pi-1")).ShouldBe((ConditionStatus.False, "DocumentsOutdated"));

        next.Step(next.Beat("pi-1", At(6, 1)));
        next.Settle();
        next.Step(TimeSpan.FromMinutes(5));
        next.Settle();
        ReasonOf(next.StoredDevice).ShouldBe((ConditionStatus.False, "HeartbeatsMissed"));
    }

    [Fact]
    public void Agent_ThatCountsNoMore_IsNotHeard_UntilItsDeviceBeginsAnew()
    {
        Converge();
        rig.Step(TimeSpan.FromMinutes(1), rig.Beat("pi-1", default(DocumentOrder)));
        rig.Step(TimeSpan.FromMinutes(1), rig.Beat("pi-1", default(DocumentOrder)));
        rig.Settle();
        Reachable.ShouldBe((ConditionStatus.False, "DocumentsOutdated"));

        rig.Step(new FleetEvent.DeviceGone(rig.StoredDevice));
        rig.Settle();
        rig.Step(rig.Info("pi-1", default, "b"));
        rig.Settle();
        rig.Step(rig.Beat("pi-1", default(DocumentOrder)));
        rig.Settle();
        Reachable.ShouldBe((ConditionStatus.True, "HeartbeatsArrive"));
        rig.StoredDevice.Metadata.Labels["group"].ShouldBe("b");
    }

    /// <summary>The store is behind by a while, and never written to for each report.</summary>
    [Fact]
    public void Progress_IsWrittenDownAfterAWhile_HoweverMuchIsSaid()
    {
        Converge();
        rig.Step(rig.Beat("pi-1", At(5, 10)));
        rig.Settle();
        var writes = new List<string>();
        for (var second = 0; second < 3600; second++)
        {
            rig.Step(TimeSpan.FromSeconds(1), Report(new(5, 20 + (2 * second))), rig.Beat("pi-1", At(5, 21 + (2 * second))));
            writes.AddRange(rig.Open.OfType<FleetEffect.PatchDeviceStatus>().Select(patch => patch.ToString()));
            rig.Settle();
        }

        writes.Count.ShouldBeInRange(6, 13);
        rig.StoredDevice.Status!.Taken!.Report.ShouldBeGreaterThan(5000);
    }

    /// <summary>Its time comes while a write is under way that says it: there is a next time all the same.</summary>
    [Fact]
    public void Progress_WhoseTimeCameWhileItWasWritten_IsWrittenDownLaterToo()
    {
        Converge();
        Pass(TimeSpan.FromMinutes(1), Report(new(5, 20)));
        rig.Settle();
        rig.Step(TimeSpan.FromSeconds(1), rig.Info("pi-1", At(5, 30), "c"));
        rig.Answer<FleetEffect.UpdateDevice>(update => new EffectResult.DeviceStored(update.Resource with { Metadata = update.Resource.Metadata with { ResourceVersion = "labelled" } }));
        rig.Open.OfType<FleetEffect.PatchDeviceStatus>().Count().ShouldBe(1);
        Pass(TimeSpan.FromMinutes(11));
        rig.Settle();

        Pass(TimeSpan.FromMinutes(21), Report(new(5, 60)));
        rig.Settle();

        rig.StoredDevice.Status!.Taken!.Report.ShouldBe(60);
    }

    [Fact]
    public void Progress_ThatIsDue_IsNotPutOffByAWriteThatDoesNotSayIt()
    {
        Converge();
        Pass(TimeSpan.FromSeconds(20), Report(new(5, 20)));
        rig.Settle();
        rig.StoredDevice.Status!.Taken!.Report.ShouldBeLessThan(20);
        var labelled = rig.StoredDevice with
        {
            Metadata = rig.StoredDevice.Metadata with { ResourceVersion = "labelled", Generation = 9 },
            Spec = rig.StoredDevice.Spec with { Labels = rig.StoredDevice.Spec.Labels.Add("rack", "7") },
        };
        rig.Wake(TimeSpan.FromMinutes(11), [rig.Beat("pi-1", At(5, 900_000)), new FleetEvent.DeviceSeen(labelled)]);
        rig.Open.OfType<FleetEffect.UpdateDevice>().Count().ShouldBe(1);

        rig.Settle();

        rig.StoredDevice.Status!.Taken!.Report.ShouldBe(20);
    }

    [Fact]
    public void SecondAgent_WithAnOlderStart_IsToldThoughItIsNotHeard()
    {
        Converge();
        for (var turn = 1; turn < 6; turn++)
        {
            rig.Step(TimeSpan.FromSeconds(10), rig.Beat("pi-1", At(5, 20 + turn), "this"), rig.Beat("pi-1", At(3, 7), "old"));
        }

        rig.Notices.OfType<FleetNotice.IdentityDuplicated>().ShouldBeEmpty("one that is put again says nothing");
        for (var turn = 1; turn < 6; turn++)
        {
            rig.Step(TimeSpan.FromSeconds(10), rig.Beat("pi-1", At(5, 30 + turn), "this"), rig.Beat("pi-1", At(4, turn), "other"));
        }

        rig.Notices.OfType<FleetNotice.IdentityDuplicated>().ShouldHaveSingleItem().ShouldBe(new(Pi, IsDuplicate: true));
    }

    /// <summary>Something happens, and then the device gives signs of life for so long.</summary>
    private void Pass(TimeSpan time, params IReadOnlyList<FleetEvent> first)
    {
        rig.Step(first);
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(20))
        {
            rig.Step(TimeSpan.FromSeconds(20), rig.Beat("pi-1", At(5, ++beats)));
        }
    }

    private (ConditionStatus, string) Reachable => ReasonOf(rig.StoredDevice);

    private static (ConditionStatus, string) ReasonOf(Device device) =>
        device.Status!.Conditions.Of(ConditionTypes.Reachable) is { } condition ? (condition.Status, condition.Reason) : default;

    // It said that it is one of b, then that it is one of a.
    private void Converge()
    {
        rig.Begin([Deployment("web"), Deployment("db", "b")], [Bare]);
        rig.Step(rig.Info("pi-1", new(5, 1), "b"), rig.Info("pi-1", new(5, 9), "a"));
        rig.Settle();
        Name(rig.Notices.OfType<FleetNotice.ManifestStored>().Last()).ShouldBe("web");
        rig.StoredDevice.Metadata.Labels["group"].ShouldBe("a");
    }

    private static DocumentOrder At(long boot, long sequence) => new(boot, sequence);

    private static string Name(FleetNotice.ManifestStored stored) =>
        JsonSerializer.Deserialize(stored.Step.Bytes, ContractsJson.Bus.DeviceManifest)!.Entries.ShouldHaveSingleItem().Name.Value;

    private FleetEvent.ReportHeard Report(DocumentOrder order) => new(
        new DeviceReport { Device = Pi, Instance = "run-5", Boot = order.Boot, Sequence = order.Sequence, At = rig.Now }, rig.Now);
}
