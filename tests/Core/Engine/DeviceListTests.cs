using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>What a list of Devices, and what is told between two lists, says of each: which come, go, and are forgotten.</summary>
public sealed class DeviceListTests
{
    private static readonly DeviceId Pi = DeviceId.Parse("pi-1");
    private readonly EngineRig rig = new();

    [Fact]
    public void UnusableName_IsTold_AndTheOthersGoOn()
    {
        rig.Begin([Deployment("web")], [Device("Not_A_Name"), Device("pi-1")]);
        rig.Settle();

        rig.Notices.OfType<FleetNotice.UnusableName>().ShouldBe([new("Device", "Not_A_Name")]);
        rig.Notices.ShouldNotContain(notice => notice is FleetNotice.Poisoned);
        rig.Notices.OfType<FleetNotice.DeviceAcquired>().ShouldBe([new(Pi)]);
        rig.Step(new FleetEvent.DeviceGone(Device("Not_A_Name")));
        rig.Progress.Devices.ShouldBe(1);
    }

    [Fact]
    public void New_IsToldOnce()
    {
        Begin(Device("pi-1"));
        rig.Step(new FleetEvent.DeviceSeen(Changed("pi-1")));

        rig.Notices.OfType<FleetNotice.DeviceAcquired>().ShouldBe([new(Pi)]);
    }

    [Fact]
    public void New_AndBeingDeleted_IsToldToGo()
    {
        Begin(Deleting(Device("pi-1")));

        rig.Notices.ShouldNotContain(notice => notice is FleetNotice.DeviceAcquired);
        rig.Notices.OfType<FleetNotice.DeviceDeleting>().ShouldBe([new(Pi)]);
    }

    [Fact]
    public void Deletion_IsTold_AndSoIsItsEnd()
    {
        Begin(Device("pi-1"));
        rig.Step(new FleetEvent.DeviceSeen(Deleting(Device("pi-1")))).ShouldContain("forget contact of pi-1");
        rig.Settle();
        rig.Notices.OfType<FleetNotice.DeviceDeleting>().ShouldBe([new(Pi)]);
        rig.Notices.ShouldNotContain(notice => notice is FleetNotice.DeviceGone);

        rig.Step(new FleetEvent.DeviceGone(rig.StoredDevice));

        rig.Notices.OfType<FleetNotice.DeviceGone>().ShouldBe([new(Pi)]);
        rig.Progress.Devices.ShouldBe(0);
    }

    /// <summary>One that was removed by force leaves keys on the bus, at once and later.</summary>
    [Fact]
    public void RemovedByForce_HasItsKeysRemovedAtOnce_AndOnceMore()
    {
        Begin(Device("pi-1"));

        rig.Step(new FleetEvent.DeviceGone(Device("pi-1"))).ShouldContain("delete keys of pi-1");
        rig.Settle();

        rig.Step(Options.LateWrites - TimeSpan.FromSeconds(1)).ShouldNotContain("delete keys of pi-1");
        rig.Step(TimeSpan.FromSeconds(1)).ShouldContain("delete keys of pi-1");
    }

    /// <summary>It is there, in a form that this version cannot read: it goes on as it was.</summary>
    [Fact]
    public void Unreadable_StaysAsItIsKnown()
    {
        Begin(Device("pi-1"));

        rig.Step(new FleetEvent.DevicesListed([], ["pi-1"], 100)).ShouldBeEmpty();

        rig.Notices.ShouldNotContain(notice => notice is FleetNotice.DeviceGone);
        rig.Progress.Devices.ShouldBe(1);
    }

    /// <summary>The list began before the Device was made: that it lacks it says nothing.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void MadeByTheOperator_IsForgotten_OnlyByAListThatBeganLater(long answers, bool isForgotten)
    {
        Begin();
        rig.Step(Info("pi-1"));
        rig.Answer<FleetEffect.CreateDevice>(create => new EffectResult.DeviceStored(Stored(create.Resource, "made")));

        rig.Step(new FleetEvent.DevicesListed([], [], answers));

        rig.Notices.OfType<FleetNotice.DeviceGone>().Count().ShouldBe(isForgotten ? 1 : 0);
    }

    /// <summary>It is not stored yet: a list need not have it.</summary>
    [Fact]
    public void NotMadeYet_IsForgottenByNoList()
    {
        Begin();
        rig.Step(Info("pi-1"));

        rig.Step(new FleetEvent.DevicesListed([], [], 100));

        rig.Notices.ShouldNotContain(notice => notice is FleetNotice.DeviceGone);
        rig.Settle();
        rig.StoredDevice.Metadata.Name.ShouldBe("pi-1");
    }

    /// <summary>It was removed while it was asked for: what the answer says was true before.</summary>
    [Fact]
    public void AnswerAboutOneThatIsGone_DoesNotBringItBack()
    {
        Begin(Device("pi-1"));
        rig.Step(new FleetEvent.DeviceSeen(Deleting(Device("pi-1"))));
        rig.Answer<FleetEffect.DeleteKeys>(_ => new EffectResult.Done());
        var patch = rig.Open.OfType<FleetEffect.PatchDeviceFinalizers>().Single();
        rig.Open.Clear();

        rig.Step(new FleetEvent.DeviceGone(patch.Resource), new FleetEvent.Finished(patch, new EffectResult.DeviceStored(Stored(patch.Resource, "last"))));

        rig.Progress.Devices.ShouldBe(0);
        rig.Notices.OfType<FleetNotice.DeviceAcquired>().Count().ShouldBe(1);
    }

    /// <summary>The answer says that the last finalizer went, and so did the Device: it is deleted once.</summary>
    [Fact]
    public void AnswerThatTakesTheLastFinalizer_IsNoNews()
    {
        Begin(Device("pi-1"));
        rig.Step(new FleetEvent.DeviceSeen(Deleting(Device("pi-1"))));
        rig.Settle();
        rig.Step(TimeSpan.FromMinutes(5));

        rig.Notices.OfType<FleetNotice.DeviceDeleting>().Count().ShouldBe(1);
        rig.Open.OfType<FleetEffect.OnStore>().ShouldBeEmpty();
    }

    /// <summary>Whoever made it wrote into metadata.labels, which follow from what is reported and asked for: they say nothing.</summary>
    [Fact]
    public void MadeByAnAdministrator_HasNoLabelsByItsMetadata()
    {
        var made = Device("pi-1");
        rig.Begin([], [made with { Metadata = made.Metadata with { Labels = made.Spec.Labels, Finalizers = [] }, Spec = new() }]);

        rig.Open.OfType<FleetEffect.UpdateDevice>().ShouldHaveSingleItem().Resource.Metadata.Labels.Keys.ShouldBe(["device-id"]);
    }

    /// <summary>It said again who it is, and is being made: what it wrote since stays.</summary>
    [Fact]
    public void RemovedByForce_AndBack_KeepsItsKeys_ThoughItIsNotStoredYet()
    {
        Begin(Device("pi-1"));
        rig.Step(new FleetEvent.DeviceGone(Device("pi-1")));
        rig.Settle();
        rig.Step(Info("pi-1"));
        rig.Open.OfType<FleetEffect.CreateDevice>().Count().ShouldBe(1);

        rig.Step(TimeSpan.FromMinutes(2)).ShouldNotContain("delete keys of pi-1");
    }

    /// <summary>A report of it that was on its way makes no device: nothing is known of it once its keys were removed for good.</summary>
    [Fact]
    public void RemovedByForce_AndReportedLate_IsForgotten()
    {
        Begin(Device("pi-1"));
        rig.Step(new FleetEvent.DeviceGone(Device("pi-1")));
        rig.Settle();
        rig.Step(rig.Report("pi-1", new(1, 1)));
        rig.Progress.Devices.ShouldBe(1);

        rig.Step(TimeSpan.FromMinutes(2));
        rig.Settle();

        rig.Progress.Devices.ShouldBe(0);
    }

    /// <summary>What an operator before counted as reachable counts so until it has been silent for this one.</summary>
    [Fact]
    public void HeardByTheOperatorBefore_IsCountedAsReachable()
    {
        var heard = Device("pi-1") with { Status = new() { Conditions = [new() { Type = ConditionTypes.Reachable, Status = ConditionStatus.True, Reason = "HeartbeatsArrive" }] } };
        rig.Begin([Deployment("web")], [heard, Device("pi-2")]);
        rig.Settle();
        rig.Step(TimeSpan.FromSeconds(2));
        rig.Settle();

        (rig.Stored.Status!.Aggregate.Pending, rig.Stored.Status.Aggregate.Unreachable).ShouldBe((1, 1));
    }

    /// <summary>It is neither seen nor forgotten: the Device says so, until it can be seen.</summary>
    [Fact]
    public void Seeing_ThatFails_IsSaidInTheStatus_AndTakenBack()
    {
        var poison = Device("pi-1");
        rig.Begin([], [poison with { Metadata = poison.Metadata with { Labels = poison.Spec.Labels }, Spec = new() { Labels = Poison.Map } }]);
        rig.Notices.OfType<FleetNotice.Poisoned>().ShouldHaveSingleItem().Subject.ShouldBe("Device pi-1");

        rig.Answer<FleetEffect.UpdateDevice>(_ => new EffectResult.DeviceStored(Changed("pi-1")));
        rig.Settle();
        var said = rig.StoredDevice.Status!.Conditions.Of(ConditionTypes.ReconcileFailed)!;
        (said.Status, said.Reason, said.Message).ShouldBe((
            ConditionStatus.True,
            "InternalError",
            "The operator failed over this by a fault of its own, and tries again (see: InvalidOperationException: a bug). Its log has the details."));

        rig.Step(new FleetEvent.DeviceSeen(Stored(rig.StoredDevice, "seen again")));
        rig.Settle();
        rig.StoredDevice.Status!.Conditions.Of(ConditionTypes.ReconcileFailed)!.Status.ShouldBe(ConditionStatus.False);
    }

    private void Begin(params Device[] devices)
    {
        rig.Begin([], devices);
        rig.Settle();
    }

    private static Device Changed(string name) => Stored(Device(name), "changed");

    private static Device Stored(Device device, string version) => device with { Metadata = device.Metadata with { ResourceVersion = version, Uid = "uid-" + device.Metadata.Name } };

    private FleetEvent.InfoHeard Info(string device) => new(
        new DeviceInfo { Device = DeviceId.Parse(device), AgentVersion = "1.0.0", Instance = "run", CommandNonce = "nonce", At = rig.Now }, rig.Now);
}
