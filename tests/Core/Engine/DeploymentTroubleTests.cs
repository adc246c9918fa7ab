using System.Text;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>A Deployment that is invalid, refused by the store, or over which the engine fails: who is told, and what goes on.</summary>
public sealed class DeploymentTroubleTests
{
    private static readonly DeploymentKey Web = new(NamespaceName.Parse("default"), DeploymentName.Parse("web"));
    private readonly EngineRig rig = new();

    [Fact]
    public void Invalid_IsTold_WithFiveOfItsErrors()
    {
        var wrong = Deployment("web") with { Spec = Deployment("web").Spec with { Score = new() { PodmanV0 = new() { Containers = [.. Enumerable.Range(1, 6).Select(_ => new Contracts.Scores.Container { Name = "!", Image = "localhost/hello:1" })] } } } };
        Begin(wrong);

        var told = rig.Notices.OfType<FleetNotice.DeploymentInvalid>().ShouldHaveSingleItem();
        (told.Key, told.Generation).ShouldBe((Web, 1));
        var errors = told.Errors.Split("; spec.score");
        errors.Length.ShouldBe(5);
        errors[0].ShouldStartWith("spec.score.PodmanV0.containers[0].name: ");
        rig.Stored.Status!.Conditions.Of(ConditionTypes.Invalid)!.Message.ShouldBe(told.Errors);
    }

    /// <summary>It was carried out, and its new version is of no use: what stands goes on, until there is one that is.</summary>
    [Fact]
    public void Invalid_AfterAValidVersion_LeavesWhatStands()
    {
        Begin(Deployment("web"));

        rig.Step(new FleetEvent.DeploymentSeen(Unusable(Deployment("web", generation: 2))));

        rig.Settle().ShouldNotContain(effect => effect.StartsWith("put manifest", StringComparison.Ordinal));
        rig.Notices.OfType<FleetNotice.DeploymentInvalid>().ShouldHaveSingleItem().Generation.ShouldBe(2);
    }

    /// <summary>An operator with looser rules took it on. Devices refuse what they cannot use, and say so.</summary>
    [Fact]
    public void Invalid_FromTheStart_AndOfUseToDevices_IsCarriedOutAsBefore()
    {
        Begin(WithImage("Not An Image"));

        Manifest().ShouldContain("uid-web");
        rig.Stored.Status!.Conditions.Of(ConditionTypes.Invalid)!.Status.ShouldBe(ConditionStatus.True);
    }

    [Fact]
    public void Invalid_AndNew_IsNotCarriedOut()
    {
        var fresh = WithImage("Not An Image");
        Begin(fresh with { Metadata = fresh.Metadata with { Finalizers = [] } });

        Manifest().ShouldNotContain("uid-web");
    }

    /// <summary>What cannot even be offered to devices stays in the manifests that name it, and in those alone.</summary>
    [Theory]
    [InlineData("no score")]
    [InlineData("no selector")]
    [InlineData("too long")]
    public void Invalid_FromTheStart_AndOfNoUse_StaysWhereItIsNamed(string wrong)
    {
        var web = Deployment("web");
        BeginNamed(wrong switch
        {
            "no score" => Unusable(web),
            "no selector" => web with { Spec = web.Spec with { TargetSelector = new() { MatchExpressions = [new() { Key = "group", Operator = "Like", Values = ["a"] }] } } },
            _ => WithImage(new string('x', WireLimits.MaxScoreBytes)),
        });

        rig.Notices.ShouldNotContain(notice => notice is FleetNotice.Poisoned);
        var newest = rig.Notices.OfType<FleetNotice.ManifestStored>().GroupBy(put => put.Device.Value).ToDictionary(puts => puts.Key, puts => Encoding.UTF8.GetString(puts.Last().Step.Bytes));
        newest["pi-1"].ShouldContain("uid-web");
        newest["pi-1"].ShouldContain("uid-db");
        newest["pi-2"].ShouldNotContain("uid-web");
    }

    /// <summary>It was deleted and made anew as something of no use: what runs of the one before is nobody's any more.</summary>
    [Fact]
    public void Invalid_MadeAnewOverAValidOne_EndsThat()
    {
        Begin(Deployment("web"));
        var anew = Unusable(Fresh("web"));

        rig.Step(new FleetEvent.DeploymentSeen(anew with { Metadata = anew.Metadata with { Uid = "uid-anew", ResourceVersion = "500" } }));
        Manifest().ShouldContain("uid-web", customMessage: "the store has not said yet that it was deleted");
        rig.Answer<FleetEffect.FindRemoved>(ask => new EffectResult.RemovedFound(ask.Uids));
        rig.Settle();

        Manifest().ShouldNotContain("uid-web");
    }

    [Fact]
    public void Invalid_AndFrozen_IsDeletedFromTheManifestsThatNameIt()
    {
        BeginNamed(Unusable(Deployment("web")));

        rig.Step(new FleetEvent.DeploymentSeen(Deleting(Unusable(Deployment("web")))));
        rig.Settle();

        var newest = rig.Notices.OfType<FleetNotice.ManifestStored>().Last(put => put.Device.Value == "pi-1");
        Encoding.UTF8.GetString(newest.Step.Bytes).ShouldNotContain("uid-web");
        rig.Stored.Metadata.Finalizers.ShouldBeEmpty();
    }

    /// <summary>It was lost and somebody applied something of no use in its place: that says nothing of what was lost.</summary>
    [Fact]
    public void Invalid_OfAnotherUid_InPlaceOfOneThatWasLost_LeavesWhatWasLost()
    {
        BeginNamed();
        rig.Answer<FleetEffect.FindRemoved>(_ => new EffectResult.RemovedFound([]));
        rig.Settle();
        var anew = Unusable(Fresh("web"));

        rig.Step(new FleetEvent.DeploymentSeen(anew with { Metadata = anew.Metadata with { Uid = "uid-anew" } }));
        rig.Settle();

        var newest = rig.Notices.OfType<FleetNotice.ManifestStored>().Last(put => put.Device.Value == "pi-1");
        Encoding.UTF8.GetString(newest.Step.Bytes).ShouldContain("uid-web");
    }

    /// <summary>It would be refused again: whoever wrote what is refused changes it.</summary>
    [Fact]
    public void RefusedWrite_IsTold_AndNotTriedAgain()
    {
        rig.Begin([Fresh("web")], []);
        rig.Answer<FleetEffect.PatchFinalizers>(_ => new EffectResult.Refused("no room"));

        rig.Notices.OfType<FleetNotice.WriteRefused>().ShouldBe([new("Deployment default/web", "no room")]);
        rig.Step(TimeSpan.FromMinutes(1));
        rig.Open.OfType<FleetEffect.PatchFinalizers>().ShouldBeEmpty();
    }

    [Fact]
    public void FailedWrite_IsTriedAgain()
    {
        rig.Begin([Fresh("web")], []);

        rig.Answer<FleetEffect.PatchFinalizers>(_ => new EffectResult.Failed()).ShouldBeEmpty();

        rig.Step(Options.BackOff.Base).ShouldContain("patch finalizers of deployment default/web: [fleet.nationtech.io/manifests]");
    }

    [Fact]
    public void Seeing_ThatFails_IsSaidInTheStatus_AndTakenBack()
    {
        var web = Deployment("web");
        rig.Begin([web with { Metadata = web.Metadata with { Annotations = Poison.Map } }], []);
        rig.Step(TimeSpan.FromSeconds(2));
        var status = rig.Open.OfType<FleetEffect.PatchDeploymentStatus>().ShouldHaveSingleItem().Resource.Status!;
        var said = status.Conditions.Of(ConditionTypes.ReconcileFailed)!;
        (said.Status, said.Reason, said.Message).ShouldBe((
            ConditionStatus.True,
            "InternalError",
            "The operator failed over this by a fault of its own, and tries again (see: InvalidOperationException: a bug). Its log has the details."));

        rig.Answer<FleetEffect.PatchDeploymentStatus>(_ => new EffectResult.DeploymentStored(Deployment("web", generation: 2) with { Status = status }));
        rig.Step(new FleetEvent.DeploymentSeen(Deployment("web", generation: 3) with { Status = status }));
        After();
        rig.Step(TimeSpan.FromSeconds(2));
        rig.Settle();

        rig.Stored.Status!.Conditions.Of(ConditionTypes.ReconcileFailed).ShouldBeNull();
    }

    /// <summary>An answer over which the engine fails holds up no other Deployment, and is said in the status.</summary>
    [Fact]
    public void Answer_OverWhichTheEngineFails_IsSaidInTheStatus()
    {
        rig.Begin([Fresh("web"), Deployment("db")], []);
        rig.Answer<FleetEffect.PatchFinalizers>(patch => new EffectResult.DeploymentStored(
            patch.Resource with { Metadata = patch.Resource.Metadata with { ResourceVersion = "2", Annotations = Poison.Map } }));
        rig.Notices.OfType<FleetNotice.Poisoned>().ShouldHaveSingleItem().Subject.ShouldBe("default/web");

        rig.Step(TimeSpan.FromSeconds(2));

        var written = rig.Open.OfType<FleetEffect.PatchDeploymentStatus>().ToDictionary(patch => patch.Key.Name.Value, patch => patch.Resource.Status!.Conditions.Of(ConditionTypes.ReconcileFailed));
        written["web"]!.Message.ShouldContain("(finish: InvalidOperationException: a bug)");
        written["db"].ShouldBeNull();
    }

    private void Begin(params Deployment[] deployments)
    {
        rig.Begin(deployments, [Device("pi-1")]);
        After();
    }

    private void After()
    {
        rig.Settle();
        rig.Step(TimeSpan.FromSeconds(2));
        rig.Settle();
    }

    /// <summary>These, and db; an operator before gave web to pi-1, and nothing to pi-2.</summary>
    private void BeginNamed(params Deployment[] deployments)
    {
        rig.Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed([.. deployments, Deployment("db")]), .. Listed([Device("pi-1"), Device("pi-2")])]);
        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        var entry = new ManifestEntry { Namespace = Web.Namespace, Name = Web.Name, Uid = "uid-web", ScoreDigest = Digest.Of("score"u8), Address = Digest.Of("address"u8), Key = new byte[32] };
        rig.Step([
            new FleetEvent.ManifestSeen(DeviceId.Parse("pi-1"), new StoredManifest(7, Digest.Of("m"u8), new Generation(2, 4)), [entry]),
            .. Enum.GetValues<WatchedBucket>().Select(bucket => new FleetEvent.WatchCaughtUp(bucket))]);
        if (deployments.Length > 0)
        {
            After();
        }
    }

    private static Deployment Unusable(Deployment deployment) => deployment with { Spec = new() { TargetSelector = deployment.Spec.TargetSelector } };

    private static Deployment WithImage(string image) => Deployment("web", image: image);

    private string Manifest() => Encoding.UTF8.GetString(rig.Notices.OfType<FleetNotice.ManifestStored>().Last().Step.Bytes);
}
