using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>Absence is not intent: what the store does not hold and manifests name stays, unless the store knows that it was removed.</summary>
public sealed class IntentTests
{
    private static readonly DeploymentKey Web = new(NamespaceName.Parse("default"), DeploymentName.Parse("web"));
    private readonly EngineRig rig = new();

    [Fact]
    public void EmptiedStore_TouchesNoManifestAndSaysWhatWasLost()
    {
        BeginWith([], Seen("pi-1", "uid-web"));

        Puts().ShouldBeEmpty();
        rig.Open.OfType<FleetEffect.FindRemoved>().ShouldHaveSingleItem().ToString().ShouldBe("find removed deployment default/web: uid-web");
        rig.Answer<FleetEffect.FindRemoved>(_ => new EffectResult.RemovedFound([]));

        Puts().ShouldBeEmpty();
        rig.Lost.ShouldBe([Web]);
        rig.Notices.ShouldContain(new FleetNotice.IntentLost(Web, 1));
    }

    [Fact]
    public void RemovedByIntent_LeavesTheManifest_OnceTheStoreSaysSo()
    {
        BeginWith([], Seen("pi-1", "uid-web"));

        rig.Answer<FleetEffect.FindRemoved>(_ => new EffectResult.Failed());
        Puts().ShouldBeEmpty();
        rig.Step(TimeSpan.FromSeconds(1));
        rig.Answer<FleetEffect.FindRemoved>(ask => new EffectResult.RemovedFound(ask.Uids));

        Puts().ShouldHaveSingleItem().ShouldStartWith("put manifest 3.1 of pi-1 over revision 7 (90 bytes)");
        rig.Lost.ShouldBeEmpty();
    }

    [Fact]
    public void EmptiedStore_WhoseDeviceComesLater_LearnsFromTheConflict()
    {
        BeginWith([]);
        rig.Step(new FleetEvent.DeviceSeen(Device("pi-2")));
        var put = rig.Open.OfType<FleetEffect.PutManifest>().Single(one => one.Device.Value == "pi-2");
        put.Step.Revision.ShouldBe(0UL);

        rig.Open.Remove(put);
        rig.Step(new FleetEvent.Finished(put, new EffectResult.ManifestPut(new StoredManifest(9, Digest.Of("x"u8), new Generation(2, 5)), IsWritten: false, [Entry("uid-web")])));
        rig.Step(TimeSpan.FromSeconds(1));

        Puts().ShouldNotContain(text => text.Contains("pi-2", StringComparison.Ordinal));
        rig.Answer<FleetEffect.FindRemoved>(_ => new EffectResult.RemovedFound([]));
        var next = rig.Open.OfType<FleetEffect.PutManifest>().Where(one => one.Device.Value == "pi-2").ShouldHaveSingleItem();
        System.Text.Encoding.UTF8.GetString(next.Step.Bytes).ShouldContain("uid-web");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void MissingFromAList_IsCarriedOut_UntilTheStoreSaysThatItWasRemoved(bool isRemoved)
    {
        rig.Begin([Deployment("web")], [Device("pi-1")]);
        rig.Settle();

        rig.Step(new FleetEvent.DeploymentsListed([], []));
        Puts().ShouldBeEmpty();
        rig.Answer<FleetEffect.FindRemoved>(ask => new EffectResult.RemovedFound(isRemoved ? ask.Uids : []));

        Puts().Count().ShouldBe(isRemoved ? 1 : 0);
        rig.Lost.ShouldBe(isRemoved ? [] : [Web]);
    }

    /// <summary>Somebody decided, in the store alone: nobody needs to tell the engine.</summary>
    [Fact]
    public void Lost_IsAskedAboutAgain_AndLeavesOnceItWasDecided()
    {
        BeginWith([], Seen("pi-1", "uid-web"));
        rig.Answer<FleetEffect.FindRemoved>(_ => new EffectResult.RemovedFound([]));
        rig.Open.OfType<FleetEffect.FindRemoved>().ShouldBeEmpty();

        rig.Step(TimeSpan.FromSeconds(3));
        rig.Answer<FleetEffect.FindRemoved>(_ => new EffectResult.RemovedFound([]));
        Puts().ShouldBeEmpty();
        rig.Notices.OfType<FleetNotice.IntentLost>().ShouldHaveSingleItem();
        rig.Step(TimeSpan.FromSeconds(3));
        rig.Answer<FleetEffect.FindRemoved>(ask => new EffectResult.RemovedFound(ask.Uids));

        rig.Lost.ShouldBeEmpty();
        Puts().Count().ShouldBe(1);
        rig.Step(TimeSpan.FromSeconds(3));
        rig.Open.OfType<FleetEffect.FindRemoved>().ShouldBeEmpty();
    }

    [Fact]
    public void MissingFromAList_AndListedAgainAsItWas_IsLostNoMore()
    {
        rig.Begin([Deployment("web")], [Device("pi-1")]);
        rig.Settle();
        rig.Step(TimeSpan.FromSeconds(2));
        rig.Settle();
        rig.Step(new FleetEvent.DeploymentsListed([], []));
        rig.Answer<FleetEffect.FindRemoved>(_ => new EffectResult.RemovedFound([]));
        rig.Lost.ShouldBe([Web]);

        rig.Step([.. Listed([rig.Stored])]);

        rig.Lost.ShouldBeEmpty();
        Puts().ShouldBeEmpty();
    }

    [Fact]
    public void MissingFromAList_AndListedAgainWhileTheStoreIsAsked_IsNotLost()
    {
        rig.Begin([Deployment("web")], [Device("pi-1")]);
        rig.Settle();
        rig.Step(TimeSpan.FromSeconds(2));
        rig.Settle();
        rig.Step(new FleetEvent.DeploymentsListed([], []));
        rig.Step([.. Listed([rig.Stored])]);

        rig.Answer<FleetEffect.FindRemoved>(_ => new EffectResult.RemovedFound([]));

        rig.Lost.ShouldBeEmpty();
        rig.Notices.ShouldNotContain(notice => notice is FleetNotice.IntentLost);
    }

    /// <summary>Two devices were given one of that name at different times: what is known of the first says nothing of the second.</summary>
    [Fact]
    public void AnotherOfThatName_SeenWhileTheStoreIsAsked_StaysUntilItIsAskedAbout()
    {
        BeginWith([], Seen("pi-1", "uid-web"));
        rig.Step(new FleetEvent.ManifestSeen(DeviceId.Parse("pi-1"), new StoredManifest(8, Digest.Of("later"u8), new Generation(2, 5)), [Entry("uid-other")]));

        rig.Answer<FleetEffect.FindRemoved>(_ => new EffectResult.RemovedFound(["uid-web"]));

        rig.Open.OfType<FleetEffect.FindRemoved>().ShouldHaveSingleItem().ToString().ShouldBe("find removed deployment default/web: uid-other");
        rig.Answer<FleetEffect.FindRemoved>(_ => new EffectResult.RemovedFound([]));
        rig.Lost.ShouldBe([Web]);
    }

    [Fact]
    public void Lost_AndAppliedAgain_IsCarriedOutAsItIsNow()
    {
        BeginWith([], Seen("pi-1", "uid-web"));
        rig.Answer<FleetEffect.FindRemoved>(_ => new EffectResult.RemovedFound([]));

        var again = Deployment("web");
        rig.Step(new FleetEvent.DeploymentSeen(again with { Metadata = again.Metadata with { Uid = "uid-anew" } }));
        rig.Settle();

        rig.Lost.ShouldBeEmpty();
        var last = rig.Notices.OfType<FleetNotice.ManifestStored>().Last();
        System.Text.Encoding.UTF8.GetString(last.Step.Bytes).ShouldContain("uid-anew");
        System.Text.Encoding.UTF8.GetString(last.Step.Bytes).ShouldNotContain("uid-web");
    }

    [Fact]
    public void Lost_AndAppliedAsSomethingInvalid_Stays()
    {
        BeginWith([], Seen("pi-1", "uid-web"));
        rig.Answer<FleetEffect.FindRemoved>(_ => new EffectResult.RemovedFound([]));

        var invalid = Fresh("web");
        rig.Step(new FleetEvent.DeploymentSeen(invalid with { Spec = new() { TargetSelector = invalid.Spec.TargetSelector } }));

        rig.Settle();
        rig.Notices.OfType<FleetNotice.ManifestStored>().ShouldBeEmpty();
    }

    /// <summary>A bucket that was put back to an older copy names what was removed meanwhile, and the devices know better.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ManifestThatNamesOneInDoubt_IsWritten_OnceTheStoreHasAnswered(bool isRemoved)
    {
        BeginWith([Deployment("db")], Seen("pi-1", "uid-web"));
        rig.Answer<FleetEffect.ListScores>(_ => new EffectResult.ScoresListed([]));
        rig.Answer<FleetEffect.PutScore>(_ => new EffectResult.Done());
        Puts().ShouldBeEmpty();

        rig.Answer<FleetEffect.FindRemoved>(ask => new EffectResult.RemovedFound(isRemoved ? ask.Uids : []));

        var put = rig.Open.OfType<FleetEffect.PutManifest>().ShouldHaveSingleItem();
        var manifest = System.Text.Encoding.UTF8.GetString(put.Step.Bytes);
        manifest.ShouldContain("uid-db");
        manifest.Contains("uid-web", StringComparison.Ordinal).ShouldBe(!isRemoved);
    }

    /// <summary>Else one could be deleted at once, without a trace, while manifests name it.</summary>
    [Fact]
    public void New_IsNamedByNoManifest_BeforeItsFinalizerStands()
    {
        rig.Begin([], [Device("pi-1")]);
        rig.Settle();

        rig.Step(new FleetEvent.DeploymentSeen(Fresh("web")));
        rig.Open.ShouldHaveSingleItem().ShouldBeOfType<FleetEffect.PatchFinalizers>();
        rig.Step(TimeSpan.FromSeconds(5));
        rig.Open.ShouldHaveSingleItem();
        rig.Settle();

        System.Text.Encoding.UTF8.GetString(rig.Notices.OfType<FleetNotice.ManifestStored>().Last().Step.Bytes).ShouldContain("uid-web");
    }

    /// <summary>What an earlier operator stored.</summary>
    private static FleetEvent.ManifestSeen Seen(string device, string uid)
    {
        var (id, generation) = (DeviceId.Parse(device), new Generation(2, 4));
        return new(id, new StoredManifest(7, Digest.Of(ManifestDocument.Write(id, generation, [Entry(uid)])), generation), [Entry(uid)]);
    }

    private static ManifestEntry Entry(string uid) => new()
    {
        Namespace = Web.Namespace,
        Name = Web.Name,
        Uid = uid,
        ScoreDigest = Digest.Of("score"u8),
        Address = Digest.Of("address"u8),
        Key = new byte[32],
    };

    private void BeginWith(ImmutableArray<Harmony.Fleet.Contracts.Resources.Deployment> deployments, params FleetEvent[] seen)
    {
        rig.Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed(deployments), .. Listed([Device("pi-1")])]);
        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        rig.Step([.. seen, .. Enum.GetValues<WatchedBucket>().Select(bucket => new FleetEvent.WatchCaughtUp(bucket))]);
    }

    private IEnumerable<string> Puts() => rig.Open.OfType<FleetEffect.PutManifest>().Select(put => put.ToString());
}
