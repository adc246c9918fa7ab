using System.Collections.Immutable;
using System.Text;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>What the store is asked about Deployments that it does not hold, and when again.</summary>
public sealed class IntentAskTests
{
    private static readonly TimeSpan Interval = Options.IntentInterval + Options.IntentSpacing;
    private readonly EngineRig rig = new();

    /// <summary>Somebody may decide at any time: so soon that is carried out, and not sooner.</summary>
    [Fact]
    public void Lost_IsAskedAboutAgain_AfterTheInterval()
    {
        Begin(Named("web"));
        Answer([]);

        rig.Step(Interval - TimeSpan.FromMilliseconds(1)).ShouldBeEmpty();
        rig.Step(TimeSpan.FromMilliseconds(1)).ShouldBe(["find removed deployment default/web: uid-web"]);
    }

    /// <summary>However many are lost, the store has other things to do.</summary>
    [Fact]
    public void ManyLost_AreAskedAboutSeldomer()
    {
        Begin([.. Enumerable.Range(1, 50).SelectMany(number => Named($"d-{number}"))]);
        Answer([]);
        rig.Lost.Count.ShouldBe(50);

        rig.Step(Options.IntentInterval + Options.IntentSpacing).Length.ShouldBe(1, "the one that was found out first, when it was the only one");
        rig.Step(Options.IntentSpacing * 49).Length.ShouldBe(49);
    }

    /// <summary>Rows were lost under a running operator, and what was lost was adopted: the store makes it anew with its uid, and generation 1.</summary>
    [Fact]
    public void MissingAndAdopted_AndDeletedThen_Goes()
    {
        var web = EngineRig.Deployment("web", generation: 5);
        rig.Begin([web], [EngineRig.Device("pi-1")]);
        rig.Settle();
        rig.Step(new FleetEvent.DeploymentsListed([], []));
        rig.Answer<FleetEffect.FindRemoved>(_ => new EffectResult.RemovedFound([]));
        rig.Lost.ShouldBe([Key("web")]);

        var adopted = web with { Metadata = web.Metadata with { Generation = 1, ResourceVersion = "900" } };
        rig.Step(new FleetEvent.DeploymentSeen(adopted));
        rig.Settle();
        rig.Lost.ShouldBeEmpty();
        rig.Step(new FleetEvent.DeploymentSeen(adopted with { Metadata = adopted.Metadata with { Generation = 2, ResourceVersion = "90000", DeletionTimestamp = rig.Now } }));
        rig.Settle();
        rig.Step(TimeSpan.FromMinutes(1));
        rig.Settle();

        System.Text.Encoding.UTF8.GetString(rig.Notices.OfType<FleetNotice.ManifestStored>().Last().Step.Bytes).ShouldNotContain("uid-web");
    }

    /// <summary>Since when it is lost stays what it is, however often the store is asked.</summary>
    [Fact]
    public void Lost_IsKnownSinceItWasFoundOut_AndByAllItsUids()
    {
        Begin(Named("web"));
        var since = rig.Now;
        Answer([]);
        rig.LostAs(Key("web")).ShouldSatisfyAllConditions(lost => lost.Since.ShouldBe(since), lost => lost.Uids.ShouldBe(["uid-web"]), lost => lost.SaidBy.ShouldBeEmpty());

        rig.Step(Interval, new FleetEvent.ManifestSeen(DeviceId.Parse("pi-1"), new StoredManifest(8, Digest.Of("later"u8), new Generation(2, 5)), [Entry("web", "uid-another")]));
        Answer([]);

        rig.LostAs(Key("web")).ShouldSatisfyAllConditions(lost => lost.Since.ShouldBe(since), lost => lost.Uids.ShouldBe(["uid-another", "uid-web"]));
        rig.Notices.OfType<FleetNotice.IntentLost>().Count().ShouldBe(1);
    }

    /// <summary>Of two that had its name one was removed: the other may have been lost.</summary>
    [Fact]
    public void OneOfItsUids_ThatWasRemoved_DecidesNothingAboutTheOther()
    {
        Begin([.. Named("web"), Entry("web", "uid-another")]);
        rig.Open.OfType<FleetEffect.FindRemoved>().ShouldHaveSingleItem().Uids.ShouldBe(["uid-another", "uid-web"]);

        Answer(["uid-web"]);

        rig.Lost.ShouldBe([Key("web")]);
        Manifests().ShouldAllBe(text => text.Contains("uid-another"));
    }

    /// <summary>What the store once said was removed is not asked about again, whoever still names it.</summary>
    [Fact]
    public void Removed_IsNotAskedAboutAgain()
    {
        Begin(Named("web"));
        Answer(["uid-web"]);
        rig.Settle();

        rig.Step(new FleetEvent.ManifestSeen(DeviceId.Parse("pi-1"), new StoredManifest(9000, Digest.Of("older copy"u8), new Generation(2, 4)), [Entry("web")]));

        rig.Open.OfType<FleetEffect.FindRemoved>().ShouldBeEmpty();
        rig.Open.OfType<FleetEffect.PutManifest>().ShouldHaveSingleItem();
    }

    /// <summary>Its manifest names two: it waits for the answer about both.</summary>
    [Fact]
    public void ManifestThatNamesTwo_WaitsForBothAnswers()
    {
        Begin([.. Named("web"), .. Named("api")], Deployment("db"));
        Finish("web", []);
        Manifests().ShouldBeEmpty();

        Finish("api", ["uid-api"]);

        Manifests().ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            text => text.ShouldContain("uid-db"), text => text.ShouldContain("uid-web"), text => text.ShouldNotContain("uid-api"));
    }

    /// <summary>A device that goes meanwhile names nothing any more.</summary>
    [Fact]
    public void Lost_IsToldWithTheDevicesThatStillNameIt()
    {
        Begin(Named("web"));
        rig.Step(new FleetEvent.DeviceSeen(Device("pi-2")), new FleetEvent.ManifestSeen(DeviceId.Parse("pi-2"), new StoredManifest(8, Digest.Of("n"u8), new Generation(2, 4)), [Entry("web")]));
        rig.Step(new FleetEvent.DeviceSeen(Deleting(Device("pi-1"))));

        Answer([]);

        rig.Notices.OfType<FleetNotice.IntentLost>().ShouldBe([new(Key("web"), 1)]);
    }

    /// <summary>Somebody applied it again: there is nothing to ask any more.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Lost_AndAppliedAgain_IsNotAskedAbout(bool isDeleting)
    {
        Begin(Named("web"));
        Answer([]);
        rig.Step(new FleetEvent.DeploymentSeen(isDeleting ? Deleting(Deployment("web")) : Deployment("web")));
        rig.Settle();

        rig.Step(TimeSpan.FromSeconds(10));

        rig.Open.OfType<FleetEffect.FindRemoved>().ShouldBeEmpty();
        rig.Lost.ShouldBeEmpty();
    }

    /// <summary>The manifest of pi-1 names these, and the store holds only what is given.</summary>
    private void Begin(ImmutableArray<ManifestEntry> named, params Harmony.Fleet.Contracts.Resources.Deployment[] deployments)
    {
        rig.Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed(deployments), .. Listed([Device("pi-1")])]);
        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        rig.Step([
            new FleetEvent.ManifestSeen(DeviceId.Parse("pi-1"), new StoredManifest(7, Digest.Of("m"u8), new Generation(2, 4)), named),
            .. Enum.GetValues<WatchedBucket>().Select(bucket => new FleetEvent.WatchCaughtUp(bucket))]);
        foreach (var effect in rig.Open.Where(effect => effect is not FleetEffect.FindRemoved).ToArray())
        {
            rig.Open.Remove(effect);
            rig.Step(new FleetEvent.Finished(effect, effect is FleetEffect.ListScores ? new EffectResult.ScoresListed([]) : new EffectResult.Done()));
        }

        foreach (var put in rig.Open.OfType<FleetEffect.PutScore>().ToArray())
        {
            rig.Open.Remove(put);
            rig.Step(new FleetEvent.Finished(put, new EffectResult.Done()));
        }
    }

    private void Answer(ImmutableArray<string> removed) => rig.Answer<FleetEffect.FindRemoved>(ask => new EffectResult.RemovedFound([.. removed.Intersect(ask.Uids)]));

    private void Finish(string name, ImmutableArray<string> removed)
    {
        var ask = rig.Open.OfType<FleetEffect.FindRemoved>().Single(one => one.Key == Key(name));
        rig.Open.Remove(ask);
        rig.Step(new FleetEvent.Finished(ask, new EffectResult.RemovedFound(removed)));
    }

    private IEnumerable<string> Manifests() => rig.Open.OfType<FleetEffect.PutManifest>().Select(put => Encoding.UTF8.GetString(put.Step.Bytes));

    private static ImmutableArray<ManifestEntry> Named(string name) => [Entry(name)];

    private static DeploymentKey Key(string name) => new(NamespaceName.Parse("default"), DeploymentName.Parse(name));

    private static ManifestEntry Entry(string name, string? uid = null) => new()
    {
        Namespace = NamespaceName.Parse("default"), Name = DeploymentName.Parse(name), Uid = uid ?? "uid-" + name,
        ScoreDigest = Digest.Of("score"u8), Address = Digest.Of("address"u8), Key = new byte[32],
    };
}
