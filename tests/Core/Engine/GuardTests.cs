using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;
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

        state.Mark(Web, ReconcileFault.See, "a bug");
        reconciler.See(EngineRig.Deployment("web"));

        state.Deployments[Web].IsCarriedOut.ShouldBeTrue();
    }

    [Fact]
    public void SeeingADevice_ThatFailed_IsDoneAgainThoughNothingChanged()
    {
        var id = DeviceId.Parse("pi-1");
        var manifests = new ManifestReconciler(state, new ScoreReconciler(state), new IntentReconciler(state), new RemovalReconciler(state));
        var reconciler = new DeviceReconciler(state, manifests, new DocumentReconciler(state, manifests));
        state.Devices.Make(id).Hold(EngineRig.Device("pi-1"), SeenVersion.Of(EngineRig.Device("pi-1").Metadata), state);
        reconciler.See(EngineRig.Device("pi-1"));
        state.Model.Devices.ShouldBeEmpty(); // It was seen before.

        state.Mark(id, ReconcileFault.See, "a bug");
        reconciler.See(EngineRig.Device("pi-1"));

        state.Model.Devices.ShouldBe([id]);
    }

    private bool Work(string work, Action action) => state.Guard($"{Web}", action, thrown => state.Mark(Web, work, thrown));
}
