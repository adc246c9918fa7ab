using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>A Device goes when nothing of it is on the bus: what stood there would make it known again.</summary>
public sealed class DeviceDeletionTests
{
    private readonly EngineRig rig = new();

    [Fact]
    public void New_HasTheFinalizerAtOnce()
    {
        rig.Begin([], []);

        rig.Step(Info("pi-9"));

        rig.Open.OfType<FleetEffect.CreateDevice>().ShouldHaveSingleItem().Resource.Metadata.Finalizers.ShouldBe([ApiGroup.BusFinalizer]);
    }

    [Fact]
    public void OneOfAnEarlierVersion_GetsTheFinalizer()
    {
        var before = Device("pi-1");
        rig.Begin([], [before with { Metadata = before.Metadata with { Finalizers = ["example.com/mine"] } }]);

        rig.Open.OfType<FleetEffect.UpdateDevice>().ShouldHaveSingleItem().Resource.Metadata.Finalizers.ShouldBe(["example.com/mine", ApiGroup.BusFinalizer]);
    }

    [Fact]
    public void Deletion_RemovesTheKeysAndThenTheFinalizer()
    {
        rig.Begin([Deployment("web")], [Device("pi-1")]);
        rig.Settle();

        rig.Step(new FleetEvent.DeviceSeen(Deleting(Device("pi-1"))));
        rig.Open.Select(effect => effect.ToString()).ShouldContain("delete keys of pi-1");
        rig.Open.OfType<FleetEffect.PutManifest>().ShouldBeEmpty();
        rig.Answer<FleetEffect.DeleteKeys>(_ => new EffectResult.Failed());
        rig.Open.OfType<FleetEffect.PatchDeviceFinalizers>().ShouldBeEmpty();
        rig.Step(TimeSpan.FromSeconds(2));

        rig.Answer<FleetEffect.DeleteKeys>(_ => new EffectResult.Done()).ShouldContain("patch finalizers of device pi-1: []");
    }

    /// <summary>It is made anew before the old one is told to be gone: what it holds is known, and it would refuse what is older.</summary>
    [Fact]
    public void MadeAnewWhileTheOldOneGoes_IsGivenNothingOlderThanItHolds()
    {
        rig.Begin([Deployment("web")], [Device("pi-1")]);
        rig.Settle();
        rig.Step(new FleetEvent.ReportHeard(
            new() { Device = DeviceId.Parse("pi-1"), Instance = "run", Sequence = 1, At = rig.Now, ManifestGeneration = new Generation(3, 7), ManifestDigest = Digest.Of("newer"u8) }, rig.Now));
        rig.Settle();
        rig.Step(new FleetEvent.DeviceSeen(Deleting(Device("pi-1"))));
        rig.Answer<FleetEffect.DeleteKeys>(_ => new EffectResult.Done());

        var anew = Device("pi-1");
        rig.Step(new FleetEvent.DeviceSeen(anew with { Metadata = anew.Metadata with { Uid = "uid-anew", ResourceVersion = "500" } }));

        rig.Open.OfType<FleetEffect.PutManifest>().ShouldHaveSingleItem().Step.Generation.ShouldBe(new Generation(3, 9));
    }

    /// <summary>The watch ended before it told: the list does. What was on its way to the bus meanwhile may come after the keys were removed.</summary>
    [Fact]
    public void Deletion_ThatAListTells_RemovesTheKeysOnceMore()
    {
        rig.Begin([], [Device("pi-1")]);
        rig.Settle();
        rig.Step(new FleetEvent.DeviceSeen(Deleting(Device("pi-1"))));
        rig.Settle();

        rig.Step([.. Listed(Array.Empty<Device>())]).ShouldContain("read again what pi-1 says");

        rig.Step(TimeSpan.FromSeconds(95)).ShouldContain("delete keys of pi-1");
    }

    /// <summary>That it is not on a list is no proof that somebody wanted it gone: what it said stays, and is told again.</summary>
    [Fact]
    public void Device_ThatIsNotOnAList_IsForgotten_AndWhatItSaidIsReadAgain()
    {
        rig.Begin([], [Device("pi-1")]);
        rig.Settle();

        rig.Step([.. Listed(Array.Empty<Device>())]).ShouldContain("read again what pi-1 says");

        rig.Step(TimeSpan.FromSeconds(95)).ShouldNotContain("delete keys of pi-1");
    }

    /// <summary>Whatever the operator heard of before it ended: the store has it.</summary>
    [Fact]
    public void DeletionBeforeTheStart_IsFinished_AndNothingIsMadeOfWhatTheBusStillHas()
    {
        rig.Begin([Deployment("web")], [Deleting(Device("pi-1"))]);
        rig.Step(Info("pi-1"), Report("pi-1"), rig.Beat("pi-1", 5));

        rig.Open.Select(effect => effect.ToString()).ShouldContain("delete keys of pi-1");
        var all = rig.Settle();
        all.ShouldContain("patch finalizers of device pi-1: []");
        all.ShouldNotContain(text => text.Contains("manifest", StringComparison.Ordinal) && text.Contains("pi-1", StringComparison.Ordinal));
        all.ShouldNotContain(text => text.StartsWith("create", StringComparison.Ordinal));
    }

    /// <summary>It waits for the manifest alone: what the device itself goes on writing holds up no Deployment.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void DeploymentThatIsDeletedMeanwhile_WaitsForTheManifestOfTheDevice(bool isTalking)
    {
        rig.Begin([Deployment("web")], [Device("pi-1")]);
        rig.Settle();

        rig.Step(new FleetEvent.DeviceSeen(Deleting(Device("pi-1"))));
        rig.Step(new FleetEvent.DeploymentSeen(Deleting(Deployment("web"))));
        rig.Open.OfType<FleetEffect.PatchFinalizers>().ShouldBeEmpty();

        rig.Answer<FleetEffect.DeleteKeys>(_ => isTalking ? new EffectResult.ManifestRemoved() : new EffectResult.Done());
        rig.Open.OfType<FleetEffect.PatchFinalizers>().ShouldHaveSingleItem();
        rig.Step(TimeSpan.FromSeconds(3));
        rig.Open.OfType<FleetEffect.DeleteKeys>().Count().ShouldBe(isTalking ? 1 : 0, "what is left is tried again");
    }

    /// <summary>It had been sent before the deletion, and lands after the keys were removed.</summary>
    [Fact]
    public void ManifestThatLandsLate_IsRemovedToo()
    {
        rig.Begin([Deployment("web")], [Device("pi-1")]);
        rig.Answer<FleetEffect.PutScore>(_ => new EffectResult.Done());
        var put = rig.Open.OfType<FleetEffect.PutManifest>().Single();
        rig.Open.Remove(put);
        rig.Step(new FleetEvent.DeviceSeen(Deleting(Device("pi-1"))));
        rig.Answer<FleetEffect.DeleteKeys>(_ => new EffectResult.Failed());

        rig.Step(new FleetEvent.Finished(put, new EffectResult.ManifestPut(new StoredManifest(9, put.Step.Digest, put.Step.Generation), IsWritten: true, [])));
        rig.Step(TimeSpan.FromSeconds(2));

        rig.Open.OfType<FleetEffect.DeleteKeys>().ShouldHaveSingleItem();
    }

    /// <summary>It had been sent before the deletion, was told to have failed, and lands after the Device was gone.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void KeysOfAGoneDevice_AreRemovedOnceMore_UnlessItCameBack(bool comesBack)
    {
        rig.Begin([Deployment("web")], [Device("pi-1")]);
        rig.Settle();
        rig.Step(new FleetEvent.DeviceSeen(Deleting(Device("pi-1"))));
        rig.Settle();
        rig.Step(new FleetEvent.DeviceGone(rig.StoredDevice));
        rig.Open.ShouldBeEmpty();

        rig.Step(comesBack ? [Info("pi-1")] : []);
        rig.Settle();
        rig.Step(TimeSpan.FromMinutes(2));

        rig.Open.OfType<FleetEffect.DeleteKeys>().Count().ShouldBe(comesBack ? 0 : 1);
        rig.Settle();
        rig.Step(TimeSpan.FromMinutes(5));
        rig.Open.OfType<FleetEffect.DeleteKeys>().ShouldBeEmpty();
    }

    /// <summary>A list that lacks one may be of a store that lost it: nothing is removed for that.</summary>
    [Fact]
    public void MissingFromAList_KeepsWhatIsOnTheBus()
    {
        rig.Begin([Deployment("web")], [Device("pi-1"), Device("pi-2")]);
        rig.Settle();

        rig.Step(new FleetEvent.DevicesListed(["pi-2"], [], 100));

        rig.Open.OfType<FleetEffect.DeleteKeys>().ShouldBeEmpty();
        rig.Open.OfType<FleetEffect.PutManifest>().ShouldBeEmpty();
    }

    [Fact]
    public void MadeAnewWhileTheOldOneGoes_IsGivenItsManifest()
    {
        rig.Begin([Deployment("web")], [Device("pi-1")]);
        rig.Settle();
        rig.Step(new FleetEvent.DeviceSeen(Deleting(Device("pi-1"))));
        rig.Answer<FleetEffect.DeleteKeys>(_ => new EffectResult.Done());

        var anew = Device("pi-1");
        rig.Step(new FleetEvent.DeviceSeen(anew with { Metadata = anew.Metadata with { Uid = "uid-anew", ResourceVersion = "500" } }));

        rig.Open.OfType<FleetEffect.PutManifest>().ShouldHaveSingleItem().Device.Value.ShouldBe("pi-1");
    }

    private FleetEvent.InfoHeard Info(string device) => new(
        new DeviceInfo { Device = DeviceId.Parse(device), AgentVersion = "1.0.0", Instance = "run", CommandNonce = "nonce", At = rig.Now }, rig.Now);

    private FleetEvent.ReportHeard Report(string device) => new(
        new DeviceReport { Device = DeviceId.Parse(device), Instance = "run", Sequence = 1, At = rig.Now }, rig.Now);
}
