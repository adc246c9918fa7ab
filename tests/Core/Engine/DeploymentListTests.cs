using System.Collections.Immutable;
using System.Text;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>What a list of Deployments, and what is told between two lists, says of each: which come, go, cannot be read, or are asked about.</summary>
public sealed class DeploymentListTests
{
    private static readonly DeploymentKey Web = new(NamespaceName.Parse("default"), DeploymentName.Parse("web"));
    private readonly EngineRig rig = new();

    [Fact]
    public void UnusableName_IsTold_AndTheOthersGoOn()
    {
        var unusable = Deployment("web") with { Metadata = new() { Name = "Not_A_Name", Namespace = "default", Uid = "uid-x", ResourceVersion = "1" } };
        rig.Begin([unusable, Deployment("db")], [Device("pi-1")]);
        rig.Settle();

        rig.Notices.OfType<FleetNotice.UnusableName>().ShouldBe([new("Deployment", "default/Not_A_Name")]);
        rig.Notices.ShouldNotContain(notice => notice is FleetNotice.Poisoned);
        Manifest().ShouldContain("uid-db");
        Manifest().ShouldNotContain("uid-x");
    }

    [Fact]
    public void New_IsToldOnce_HoweverOftenItIsSeen()
    {
        Begin(Deployment("web"));
        var again = Deployment("web");
        rig.Step(new FleetEvent.DeploymentSeen(again with { Metadata = again.Metadata with { ResourceVersion = "labelled" } }));
        rig.Step(new FleetEvent.DeploymentSeen(Deployment("web", generation: 2)));

        rig.Notices.OfType<FleetNotice.DeploymentAcquired>().Select(told => (told.Key, told.Resource.Metadata.Generation)).ShouldBe([(Web, 1), (Web, 2)]);
    }

    /// <summary>A watch may bring what an answer to a write had overtaken.</summary>
    [Fact]
    public void OlderVersion_ThatComesLate_ChangesNothing()
    {
        Begin(Deployment("web", image: "localhost/hello:2", generation: 2));

        rig.Step(new FleetEvent.DeploymentSeen(Deployment("web", generation: 1)));

        rig.Settle().ShouldBeEmpty();
    }

    [Fact]
    public void MadeAnew_WithTheSameGeneration_IsCarriedOutAnew()
    {
        Begin(Deployment("web"));
        var anew = Deployment("web");

        rig.Step(new FleetEvent.DeploymentSeen(anew with { Metadata = anew.Metadata with { Uid = "uid-anew", ResourceVersion = "500" } }));
        rig.Settle();

        Manifest().ShouldContain("uid-anew");
    }

    /// <summary>The finalizer of the new one stands first: until then nothing of it is given to devices, or counted.</summary>
    [Fact]
    public void MadeAnewWithoutAFinalizer_IsCarriedOutOnceThatStands()
    {
        Begin(Deployment("web"));
        var anew = Fresh("web");

        rig.Step(new FleetEvent.DeploymentSeen(anew with { Metadata = anew.Metadata with { Uid = "uid-anew", ResourceVersion = "500" } }));
        rig.Step(TimeSpan.FromSeconds(5));
        rig.Open.ShouldHaveSingleItem().ShouldBeOfType<FleetEffect.PatchFinalizers>();
        rig.Settle();

        Manifest().ShouldBe("uid-anew");
    }

    /// <summary>It was deleted while no operator ran, and manifests name it: the finalizer goes when none does any more.</summary>
    [Fact]
    public void DeletedBeforeTheStart_GoesOnceNoManifestNamesIt()
    {
        rig.Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed([Deleting(Deployment("web"))]), .. Listed([Device("pi-1")])]);
        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        rig.Step([
            new FleetEvent.ManifestSeen(DeviceId.Parse("pi-1"), new StoredManifest(7, Digest.Of("m"u8), new Generation(2, 4)), [Entry("uid-web")]),
            .. Enum.GetValues<WatchedBucket>().Select(bucket => new FleetEvent.WatchCaughtUp(bucket))]);
        rig.Open.OfType<FleetEffect.PatchFinalizers>().ShouldBeEmpty();

        rig.Settle();

        Manifest().ShouldBeEmpty();
        rig.Stored.Metadata.Finalizers.ShouldBeEmpty();
    }

    [Fact]
    public void Deletion_IsTold_AndSoIsItsEnd()
    {
        Begin(Deployment("web"));
        var deleting = Deleting(Deployment("web"));
        rig.Step(new FleetEvent.DeploymentSeen(deleting));
        rig.Notices.OfType<FleetNotice.DeploymentDeleting>().ShouldBe([new(Web)]);
        rig.Notices.ShouldNotContain(notice => notice is FleetNotice.DeploymentGone);
        rig.Settle();

        rig.Step(new FleetEvent.DeploymentGone(deleting));

        rig.Notices.OfType<FleetNotice.DeploymentGone>().ShouldBe([new(Web)]);
    }

    /// <summary>The watch ended before it told: it had left every manifest, so that nobody needs to ask.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void MissingFromAList_WhileItIsDeleted_IsGone_OnceNoManifestNamesIt(bool hasLeft)
    {
        Begin(Deployment("web"));
        rig.Step(new FleetEvent.DeploymentSeen(Deleting(Deployment("web"))));
        if (hasLeft)
        {
            rig.Settle();
        }

        rig.Step(new FleetEvent.DeploymentsListed([], []));

        rig.Notices.OfType<FleetNotice.DeploymentGone>().Count().ShouldBe(hasLeft ? 1 : 0);
        rig.Open.OfType<FleetEffect.FindRemoved>().Count().ShouldBe(hasLeft ? 0 : 1);
    }

    [Fact]
    public void RemovedByForce_LeavesTheManifests_AndIsAskedAboutByNobody()
    {
        Begin(Deployment("web"));
        rig.Step(new FleetEvent.DeploymentGone(Deployment("web")));
        rig.Settle();
        Manifest().ShouldNotContain("uid-web");

        rig.Step(new FleetEvent.ManifestSeen(DeviceId.Parse("pi-1"), new StoredManifest(5000, Digest.Of("older"u8), new Generation(2, 5)), [Entry("uid-web")]));

        rig.Open.OfType<FleetEffect.FindRemoved>().ShouldBeEmpty();
        rig.Lost.ShouldBeEmpty();
    }

    /// <summary>The list raced with the watch: nothing is asked that is known.</summary>
    [Fact]
    public void MissingFromAList_AndSeenAtOnce_IsNotAskedAbout()
    {
        Begin(Deployment("web"));

        rig.Step([new FleetEvent.DeploymentsListed([], []), .. Listed([rig.Stored ?? Deployment("web")])]);

        rig.Open.OfType<FleetEffect.FindRemoved>().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MissingFromAList_AndChangedWhileTheStoreIsAsked_StaysWhateverTheAnswer(bool isRemoved)
    {
        Begin(Deployment("web"));
        rig.Step(new FleetEvent.DeploymentsListed([], []));
        rig.Step(new FleetEvent.DeploymentSeen(Deployment("web", image: "localhost/hello:2", generation: 2)));

        rig.Answer<FleetEffect.FindRemoved>(ask => new EffectResult.RemovedFound(isRemoved ? ask.Uids : []));
        rig.Settle();

        rig.Lost.ShouldBeEmpty();
        rig.Notices.ShouldNotContain(notice => notice is FleetNotice.DeploymentGone);
        Manifest().ShouldContain("uid-web");
    }

    /// <summary>Only what the store says counts: that it could not be asked says nothing.</summary>
    [Fact]
    public void MissingFromAList_WhereTheStoreCannotBeAsked_IsAskedAboutAgain_AndCarriedOut()
    {
        Begin(Deployment("web"));
        rig.Step(new FleetEvent.DeploymentsListed([], []));

        rig.Answer<FleetEffect.FindRemoved>(_ => new EffectResult.Failed()).ShouldBeEmpty();

        rig.Notices.ShouldNotContain(notice => notice is FleetNotice.DeploymentGone || notice is FleetNotice.IntentLost);
        rig.Step(Options.BackOff.Base).ShouldBe(["find removed deployment default/web: uid-web"]);
    }

    /// <summary>It stands in the store, in a form of a later version: what devices run of it stays.</summary>
    [Fact]
    public void Unreadable_StaysInTheManifestsThatNameIt_UntilItIsGone()
    {
        BeginUnreadable();
        Manifest().ShouldBe("uid-web, uid-db");
        rig.Open.OfType<FleetEffect.FindRemoved>().ShouldBeEmpty();

        rig.Step(new FleetEvent.DeploymentGone(Deployment("web")));
        rig.Settle();

        Manifest().ShouldBe("uid-db");
        rig.Notices.OfType<FleetNotice.DeploymentGone>().ShouldBe([new(Web)]);
        rig.Step(new FleetEvent.DeploymentGone(Deployment("web")), new FleetEvent.DeploymentGone(Deployment("unknown")));
        rig.Notices.OfType<FleetNotice.DeploymentGone>().Count().ShouldBe(1);
    }

    [Fact]
    public void Unreadable_StaysOverTheNextList()
    {
        BeginUnreadable();

        rig.Step(new FleetEvent.DeploymentsListed([("default", "db")], [("default", "web")]));

        rig.Settle().ShouldBeEmpty();
        rig.Notices.ShouldNotContain(notice => notice is FleetNotice.DeploymentGone);
    }

    /// <summary>Somebody wrote with a later version what this one carries out: it goes on as it was.</summary>
    [Fact]
    public void UnreadableSinceALaterList_IsCarriedOutAsBefore()
    {
        Begin(Deployment("web"));

        rig.Step(new FleetEvent.DeploymentsListed([], [("default", "web")]));
        rig.Step(new FleetEvent.DeviceSeen(Device("pi-2")));
        rig.Settle();

        rig.Notices.ShouldNotContain(notice => notice is FleetNotice.DeploymentGone || notice is FleetNotice.IntentLost);
        Manifest().ShouldBe("uid-web");
        rig.Notices.OfType<FleetNotice.ManifestStored>().Last().Device.Value.ShouldBe("pi-2");
    }

    [Fact]
    public void Unreadable_ThatCanBeReadLater_IsCarriedOut()
    {
        BeginUnreadable();

        rig.Step([.. Listed([Deployment("web"), Deployment("db")])]);
        rig.Settle();

        Manifest().ShouldContain("uid-web");
        rig.Notices.OfType<FleetNotice.DeploymentAcquired>().Select(told => told.Key).ShouldContain(Web);
    }

    /// <summary>Kept aside: an unreadable one that a later list lacks was removed or lost; the store is asked before it leaves the manifests.</summary>
    [Fact]
    public void Unreadable_MissingFromALaterList_StaysUntilTheStoreSaysThatItWasRemoved()
    {
        BeginUnreadable();

        rig.Step(new FleetEvent.DeploymentsListed([("default", "db")], []));
        rig.Settle();

        Manifest().ShouldBe("uid-web, uid-db");
    }

    private void Begin(params Deployment[] deployments)
    {
        rig.Begin(deployments, [Device("pi-1")]);
        rig.Settle();
        rig.Step(TimeSpan.FromSeconds(2));
        rig.Settle();
    }

    /// <summary>The manifest of pi-1 names web, which cannot be read, and is to name db.</summary>
    private void BeginUnreadable()
    {
        rig.Step([
            new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), new FleetEvent.DeploymentSeen(Deployment("db")),
            new FleetEvent.DeploymentsListed([("default", "db")], [("default", "web")]), .. Listed([Device("pi-1")])]);
        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        rig.Step([
            new FleetEvent.ManifestSeen(DeviceId.Parse("pi-1"), new StoredManifest(7, Digest.Of("m"u8), new Generation(2, 4)), [Entry("uid-web")]),
            .. Enum.GetValues<WatchedBucket>().Select(bucket => new FleetEvent.WatchCaughtUp(bucket))]);
        rig.Settle();
        rig.Step(TimeSpan.FromSeconds(2));
        rig.Settle();
    }

    private static ManifestEntry Entry(string uid) => new()
    {
        Namespace = Web.Namespace, Name = Web.Name, Uid = uid, ScoreDigest = Digest.Of("score"u8), Address = Digest.Of("address"u8), Key = new byte[32],
    };

    /// <summary>Which of these uids the newest manifest names.</summary>
    private string Manifest()
    {
        var text = Encoding.UTF8.GetString(rig.Notices.OfType<FleetNotice.ManifestStored>().Last().Step.Bytes);
        ImmutableArray<string> known = ["uid-web", "uid-db", "uid-anew", "uid-x"];
        return string.Join(", ", known.Where(uid => text.Contains(uid, StringComparison.Ordinal)));
    }
}
