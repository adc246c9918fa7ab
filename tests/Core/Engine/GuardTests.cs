using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Engine;
using Harmony.Fleet.Core.Events;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>What throws on one object marks that object, and nothing else.</summary>
public sealed class GuardTests
{
    private static readonly DeploymentKey Web = new(NamespaceName.Parse("default"), DeploymentName.Parse("web"));
    private readonly FleetState state = new(EngineRig.Options, MasterKey.Parse(Convert.ToBase64String(new byte[32])), new Random(1));

    public GuardTests() => state.Deployments[Web] = new DeploymentEntry(EngineRig.Deployment("web"));

    [Fact]
    public void Guard_ThatThrows_MarksTheObjectUntilTheSameWorkGoesWell()
    {
        Work("decide", () => throw new InvalidOperationException("a bug")).ShouldBeFalse();

        state.Deployments[Web].Fault.ShouldBe(new ReconcileFault("decide", "InvalidOperationException: a bug"));
        state.Notices.ShouldHaveSingleItem().ShouldBeOfType<FleetNotice.Poisoned>().Subject.ShouldBe("default/web");
        state.Statuses.CountReady(default).ShouldBe(1);

        Work("see", () => { }).ShouldBeTrue();
        state.Deployments[Web].Fault.ShouldNotBeNull();
        Work("decide", () => { }).ShouldBeTrue();
        state.Deployments[Web].Fault.ShouldBeNull();
    }

    [Fact]
    public void Status_OfAMarkedObject_SaysSoAndTakesItBack()
    {
        var reconciler = new DeploymentReconciler(state, new ScoreReconciler(state), new IntentReconciler(state), new RemovalReconciler(state));
        state.HasKnownAll = true;
        Work("decide", () => throw new InvalidOperationException("a bug"));

        var patch = reconciler.WriteStatus(Web).ShouldBeOfType<Harmony.Fleet.Core.Effects.FleetEffect.PatchDeploymentStatus>();

        patch.Resource.Status!.Conditions.Of(ConditionTypes.ReconcileFailed).ShouldNotBeNull().Message.ShouldContain("decide: InvalidOperationException: a bug");
        state.Deployments[Web].Resource = patch.Resource;
        Work("decide", () => { });
        state.Deployments[Web].Address = Digest.Of("score"u8);
        state.Deployments[Web].Uid = "uid-web";
        reconciler.WriteStatus(Web).ShouldBeOfType<Harmony.Fleet.Core.Effects.FleetEffect.PatchDeploymentStatus>()
            .Resource.Status!.Conditions.Of(ConditionTypes.ReconcileFailed).ShouldBeNull();
    }

    [Fact]
    public void Seeing_ThatFailed_IsDoneAgainThoughNothingChanged()
    {
        var reconciler = new DeploymentReconciler(state, new ScoreReconciler(state), new IntentReconciler(state), new RemovalReconciler(state));
        reconciler.See(EngineRig.Deployment("web"));
        state.Deployments[Web].IsCarriedOut.ShouldBeFalse(); // It was seen before.

        state.Deployments[Web].IsUnfinished = true;
        reconciler.See(EngineRig.Deployment("web"));

        state.Deployments[Web].IsCarriedOut.ShouldBeTrue();
    }

    /// <summary>The version before carried it out, and this one fails over it: what devices run of it stays.</summary>
    [Fact]
    public void Deployment_OverWhichSeeingFails_StaysInTheManifestsThatNameIt()
    {
        var (rig, web) = (new EngineRig(), EngineRig.Deployment("web"));
        var poison = web with { Metadata = web.Metadata with { Annotations = Poison.Map } };
        var (id, generation) = (DeviceId.Parse("pi-1"), new Generation(2, 4));
        var entry = new ManifestEntry { Namespace = Web.Namespace, Name = Web.Name, Uid = "uid-web", ScoreDigest = Digest.Of("score"u8), Address = Digest.Of("address"u8), Key = new byte[32] };
        rig.Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. EngineRig.Listed([poison, EngineRig.Deployment("db")]), .. EngineRig.Listed([EngineRig.Device("pi-1")])]);
        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));

        rig.Step([new FleetEvent.ManifestSeen(id, new StoredManifest(7, Digest.Of("m"u8), generation), [entry]), .. Enum.GetValues<WatchedBucket>().Select(bucket => new FleetEvent.WatchCaughtUp(bucket))]);
        rig.Settle();

        rig.Notices.OfType<FleetNotice.Poisoned>().ShouldNotBeEmpty();
        var manifest = System.Text.Encoding.UTF8.GetString(rig.Notices.OfType<FleetNotice.ManifestStored>().Last().Step.Bytes);
        manifest.ShouldContain("uid-web");
        manifest.ShouldContain("uid-db");

        rig.Step(new FleetEvent.DeploymentSeen(EngineRig.Deployment("web")));
        rig.Settle();
        System.Text.Encoding.UTF8.GetString(rig.Notices.OfType<FleetNotice.ManifestStored>().Last().Step.Bytes).ShouldNotContain(entry.ScoreDigest.Value);
    }

    /// <summary>It is neither heard nor forgotten: the device is marked, and what it said is read again.</summary>
    [Fact]
    public void Info_OverWhichTheEngineFails_MarksTheDevice_AndIsHeardWhenItComesAgain()
    {
        var chance = new Poison.Chance();
        var rig = new EngineRig(random: chance);
        rig.Begin([EngineRig.Deployment("web")], [EngineRig.Device("pi-1")]);
        rig.Settle();
        var heard = rig.Info("pi-1", new(3, 7), "b");

        chance.IsOver = true;
        var effects = rig.Step(heard);
        chance.IsOver = false;

        rig.Notices.OfType<FleetNotice.Poisoned>().ShouldHaveSingleItem().Subject.ShouldBe("info of Device pi-1");
        effects.ShouldContain("read again what pi-1 says");
        rig.Settle();
        rig.StoredDevice.Status!.Conditions.Of(ConditionTypes.ReconcileFailed).ShouldNotBeNull().Message.ShouldContain("info: ");

        rig.Step(TimeSpan.FromSeconds(10), heard);
        rig.Settle();
        rig.StoredDevice.Status!.ReportedLabels["group"].ShouldBe("b");
        rig.StoredDevice.Status!.Conditions.Of(ConditionTypes.ReconcileFailed)!.Status.ShouldBe(ConditionStatus.False);
    }

    [Fact]
    public void SeeingADevice_ThatFailed_IsDoneAgainThoughNothingChanged()
    {
        var id = DeviceId.Parse("pi-1");
        var leaving = new LeavingDeployments(state);
        var manifests = new ManifestReconciler(state, new ScoreReconciler(state), new IntentReconciler(state), new RemovalReconciler(state), leaving);
        var reconciler = new DeviceReconciler(state, manifests, new DocumentReconciler(state, manifests), leaving);
        state.Devices.Make(id).Hold(EngineRig.Device("pi-1"), SeenVersion.Of(EngineRig.Device("pi-1").Metadata), state);
        reconciler.See(EngineRig.Device("pi-1"));
        state.Model.Devices.ShouldBeEmpty(); // It was seen before.

        state.Devices.Make(id).IsUnfinished = true;
        reconciler.See(EngineRig.Device("pi-1"));

        state.Model.Devices.ShouldBe([id]);
    }

    /// <summary>A device for which the engine cannot decide holds up no Deployment that is deleted after that.</summary>
    [Fact]
    public void DeviceOverWhichDecidingFails_IsWaitedForByNoDeletion()
    {
        var id = DeviceId.Parse("pi-1");
        var leaving = new LeavingDeployments(state);
        var manifests = new ManifestReconciler(state, new ScoreReconciler(state), new IntentReconciler(state), new RemovalReconciler(state), leaving);
        (state.Term, state.AreDeploymentsListed, state.AreDevicesListed, state.AreBucketsReady) = (1, true, true, true);
        state.CaughtUp.UnionWith(Enum.GetValues<WatchedBucket>());
        state.Devices.Make(id).Hold(EngineRig.Device("pi-1"), SeenVersion.Of(EngineRig.Device("pi-1").Metadata), state);
        state.Deployments[Web].Resource = EngineRig.Deleting(EngineRig.Deployment("web"));
        manifests.CatchUp();
        manifests.Touch([id]);
        leaving.Leave(Web);
        leaving.Tell();
        state.Deployments[Web].HasLeft.ShouldBeFalse();

        manifests.Fail(id);
        leaving.Tell();

        state.Deployments[Web].HasLeft.ShouldBeTrue();
        state.Unsettled.ShouldBe(1);
    }

    /// <summary>What moved is passed on between the events: a fault over one object there stops no other, and lets nothing go that has to be held.</summary>
    [Fact]
    public void DeploymentThatCannotBeJudged_StopsNoOther_AndIsHeld()
    {
        var rig = new EngineRig();
        var names = Enumerable.Range(1, 20).Select(number => $"pi-{number}").ToArray();
        rig.Begin([EngineRig.Deployment("web")], [.. names.Select(name => EngineRig.Device(name))]);
        rig.Settle();
        var web = EngineRig.Deployment("web");
        rig.Step(new FleetEvent.DeploymentSeen(web with { Metadata = web.Metadata with { ResourceVersion = "poisoned", Annotations = Poison.Map } }));
        rig.Notices.Clear();

        rig.Step([.. names.Select(name => EngineRig.Device(name, "b")).Select(device => new FleetEvent.DeviceSeen(device with { Metadata = device.Metadata with { ResourceVersion = "90000" } }))]);
        rig.Settle();

        rig.Notices.OfType<FleetNotice.Poisoned>().ShouldNotBeEmpty();
        rig.Notices.OfType<FleetNotice.ManifestStored>().Count(put => !System.Text.Encoding.UTF8.GetString(put.Step.Bytes).Contains("uid-web", StringComparison.Ordinal)).ShouldBeLessThanOrEqualTo(10);
        rig.Step(TimeSpan.FromSeconds(2));
        rig.Settle();
        rig.Stored.Status!.Conditions.Of(ConditionTypes.ReconcileFailed).ShouldNotBeNull();
    }

    private bool Work(string work, Action action) => state.Guard($"{Web}", action, thrown => state.Mark(Web, work, thrown));
}
