using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>A score that nothing names is removed after a day, and one that anything names is not.</summary>
public sealed class ScoreSweepTests
{
    private static readonly TimeSpan Day = Options.ScoreGrace;
    private static readonly Digest Other = Digest.Of("of nobody"u8);
    private readonly EngineRig rig = new();

    [Fact]
    public void Unnamed_IsRemovedADayAfterItWasFoundUnnamed()
    {
        var web = Begin(rig);
        ListedAfter(rig, Day, web, Other).ShouldBeEmpty("it was found just now");
        ListedAfter(rig, Day - TimeSpan.FromSeconds(1), web, Other).ShouldBeEmpty();

        rig.Step(Options.ScoreInterval - TimeSpan.FromSeconds(1));
        ListedAfter(rig, TimeSpan.FromSeconds(1), web, Other).ShouldBe([$"delete score {Other.Short}"]);
    }

    [Fact]
    public void Unnamed_ForADayToTheTick_IsRemoved()
    {
        var web = Begin(rig);
        ListedAfter(rig, Options.ScoreInterval, web, Other);

        ListedAfter(rig, Day, web, Other).ShouldBe([$"delete score {Other.Short}"]);
    }

    /// <summary>Somebody may have applied again what he had deleted.</summary>
    [Fact]
    public void Unnamed_AndNamedMeanwhile_HasADayFromTheNextTime()
    {
        var web = Begin(rig);
        rig.Step(new FleetEvent.DeploymentSeen(Deployment("db", image: "localhost/db:1")));
        var db = rig.Open.OfType<FleetEffect.PutScore>().Single().Address;
        rig.Settle();
        Delete(rig, "db", "localhost/db:1");
        ListedAfter(rig, Options.ScoreInterval, web, db).ShouldBeEmpty();
        rig.Step(new FleetEvent.DeploymentSeen(Deployment("db", image: "localhost/db:1", generation: 900)));
        rig.Settle();
        ListedAfter(rig, Day / 2, web, db).ShouldBeEmpty();
        Delete(rig, "db", "localhost/db:1", generation: 901);

        ListedAfter(rig, Day / 2, web, db).ShouldBeEmpty("found unnamed now, for the second time");
        ListedAfter(rig, Day, web, db).ShouldBe([$"delete score {db.Short}"]);
    }

    [Fact]
    public void Score_ThatTwoDeploymentsHave_StaysUntilBothAreGone()
    {
        var web = Begin(rig);
        rig.Step(new FleetEvent.DeploymentSeen(Deployment("same")));
        rig.Settle();
        Delete(rig, "same");
        ListedAfter(rig, Options.ScoreInterval, web).ShouldBeEmpty();
        ListedAfter(rig, Day * 2, web).ShouldBeEmpty("web names it");

        Delete(rig, "web");
        ListedAfter(rig, Options.ScoreInterval, web).ShouldBeEmpty();
        ListedAfter(rig, Day, web).ShouldBe([$"delete score {web.Short}"]);
    }

    /// <summary>The version before is named no more once another is carried out.</summary>
    [Fact]
    public void Score_OfTheVersionBefore_GoesAfterADay()
    {
        var web = Begin(rig);
        rig.Step(new FleetEvent.DeploymentSeen(Deployment("web", image: "localhost/hello:2", generation: 900)));
        var next = rig.Open.OfType<FleetEffect.PutScore>().Single().Address;
        rig.Settle();
        ListedAfter(rig, Options.ScoreInterval, web, next).ShouldBeEmpty();

        ListedAfter(rig, Day, web, next).ShouldBe([$"delete score {web.Short}"]);
    }

    /// <summary>It cannot be read, and devices run it: they would miss its score with their next start.</summary>
    [Fact]
    public void Score_OfADeploymentThatCannotBeRead_Stays()
    {
        rig.Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), new FleetEvent.DeploymentsListed([], [("default", "web")]), .. Listed([Device("pi-1")])]);
        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        var entry = new ManifestEntry
        {
            Namespace = NamespaceName.Parse("default"), Name = DeploymentName.Parse("web"), Uid = "uid-web", ScoreDigest = Digest.Of("score"u8), Address = Digest.Of("address"u8), Key = new byte[32],
        };
        rig.Step([
            new FleetEvent.ManifestSeen(DeviceId.Parse("pi-1"), new StoredManifest(7, Digest.Of("m"u8), new Generation(2, 4)), [entry]),
            .. Enum.GetValues<WatchedBucket>().Select(bucket => new FleetEvent.WatchCaughtUp(bucket))]);
        rig.Answer<FleetEffect.ListScores>(_ => new EffectResult.ScoresListed([entry.Address, Other]));

        ListedAfter(rig, Day, entry.Address, Other).ShouldBe([$"delete score {Other.Short}"]);
    }

    /// <summary>Its removal waits for somebody's approval: until then it stands on devices.</summary>
    [Fact]
    public void Score_OfAVersionWhoseRemovalIsHeld_Stays()
    {
        rig.Begin([Deployment("web")], [.. Enumerable.Range(1, 20).Select(number => Device($"pi-{number}"))]);
        var web = rig.Open.OfType<FleetEffect.PutScore>().Single().Address;
        rig.Settle();
        rig.Step(new FleetEvent.DeploymentSeen(Deployment("web", "nowhere", "localhost/hello:2", 900)));
        rig.Settle();
        ListedAfter(rig, Options.ScoreInterval, web).Where(effect => effect.StartsWith("delete", StringComparison.Ordinal)).ShouldBeEmpty();

        ListedAfter(rig, Day * 2, web).Where(effect => effect.StartsWith("delete", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    /// <summary>What is named is not known then.</summary>
    [Fact]
    public void WhileNotAllIsKnown_NothingIsRemoved()
    {
        var web = Begin(rig);
        ListedAfter(rig, Options.ScoreInterval, web, Other);
        rig.Wake(Day, []);
        rig.Step(new FleetEvent.WatchRestarted(WatchedBucket.DeviceState, "lost"));

        rig.Answer<FleetEffect.ListScores>(_ => new EffectResult.ScoresListed([web, Other])).ShouldNotContain(effect => effect.StartsWith("delete", StringComparison.Ordinal));
    }

    [Fact]
    public void MoreThanMayBeUnderWay_AreLeftToTheNextTime()
    {
        var narrow = new EngineRig(Options with { BusWrites = 2 });
        var web = Begin(narrow);
        Digest[] unnamed = [Digest.Of("1"u8), Digest.Of("2"u8), Digest.Of("3"u8)];
        ListedAfter(narrow, Options.ScoreInterval, [web, .. unnamed]);

        ListedAfter(narrow, Day, [web, .. unnamed]).Count().ShouldBe(2);
        narrow.Open.OfType<FleetEffect.DeleteScore>().Count().ShouldBe(2);
        narrow.Settle();
        ListedAfter(narrow, Options.ScoreInterval, [web, unnamed[2]]).ShouldBe([$"delete score {unnamed[2].Short}"]);
    }

    /// <summary>The fleet as it is once all is stored; the score of <c>web</c>.</summary>
    private static Digest Begin(EngineRig rig)
    {
        rig.Begin([Deployment("web")], []);
        var web = rig.Open.OfType<FleetEffect.PutScore>().Single().Address;
        rig.Settle();
        return web;
    }

    private static void Delete(EngineRig rig, string name, string image = "localhost/hello:1", long generation = 2)
    {
        var deleting = Deleting(Deployment(name, image: image, generation: generation));
        rig.Step(new FleetEvent.DeploymentSeen(deleting), new FleetEvent.DeploymentGone(deleting));
        rig.Settle();
    }

    /// <summary>What is done with scores once the bucket was listed, and held these.</summary>
    private static IEnumerable<string> ListedAfter(EngineRig rig, TimeSpan pass, params ImmutableArray<Digest> stored)
    {
        rig.Wake(pass, []);
        var list = rig.Open.OfType<FleetEffect.ListScores>().ShouldHaveSingleItem();
        rig.Open.Remove(list);
        rig.Settle();
        return rig.Step(new FleetEvent.Finished(list, new EffectResult.ScoresListed(stored))).Where(effect => effect.Contains("score", StringComparison.Ordinal));
    }
}
