using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Aggregation;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Engine;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>A Deployment that is meant for many devices reaches them in several steps.</summary>
public sealed class SpreadTests
{
    private static readonly TimeSpan Flush = Options.FlushInterval;
    private readonly EngineRig rig = new(Options with { MaxVisits = 2 });

    public SpreadTests()
    {
        rig.Begin([], [.. Enumerable.Range(1, 5).Select(number => Device($"pi-{number}"))]);
        rig.Settle();
    }

    [Fact]
    public void Deployment_NewForManyDevices_ReachesTwoOfThemAStep()
    {
        rig.Step(new FleetEvent.DeploymentSeen(Deployment("app")));

        (rig.IsAllTaken, rig.Progress.Phase).ShouldBe((false, FleetPhase.Converging));
        rig.Progress.Unsettled.ShouldBe(3, "two devices, and what has not reached all of them");
        rig.Step();
        rig.IsAllTaken.ShouldBeFalse();
        rig.Step();
        rig.IsAllTaken.ShouldBeTrue();
        Puts(rig.Settle()).ShouldBe(5);
        rig.Progress.Phase.ShouldBe(FleetPhase.Converged);
    }

    /// <summary>Whoever waits for a new version must not be told the counts of the one before.</summary>
    [Fact]
    public void Deployment_ChangedForManyDevices_IsCountedOnceAllWereTold()
    {
        rig.Step(new FleetEvent.DeploymentSeen(Deployment("app")));
        rig.Step();
        rig.Step(Flush);
        rig.Settle();

        var first = rig.Step(Flush, new FleetEvent.DeploymentSeen(Deployment("app", image: "localhost/hello:2", generation: 2)));
        var second = rig.Step(Flush);
        rig.IsAllTaken.ShouldBeFalse();
        var third = rig.Step(Flush);

        rig.IsAllTaken.ShouldBeTrue();
        Statuses([.. first, .. second]).ShouldBe(0);
        Statuses(third).ShouldBe(1);
        Puts(rig.Settle()).ShouldBe(5);
        rig.Stored.Status.ShouldNotBeNull().ShouldSatisfyAllConditions(
            status => status.ObservedGeneration.ShouldBe(2), status => status.Aggregate.MatchedDeviceCount.ShouldBe(5));
    }

    /// <summary>Each device is given the version that its turn has come for; until then the one before.</summary>
    [Fact]
    public void Deployment_ChangedForManyDevices_GivesEachTheNewVersionWhenItsTurnComes()
    {
        rig.Step(new FleetEvent.DeploymentSeen(Deployment("app")));
        rig.Settle();
        var before = rig.PairsOf("pi-1").Single().Given;

        rig.Step(new FleetEvent.DeploymentSeen(Deployment("app", image: "localhost/hello:2", generation: 2)));
        Given().Count(before.Equals).ShouldBe(3);
        rig.Step();
        Given().Count(before.Equals).ShouldBe(1);
        rig.Step();
        Given().ShouldNotContain(before);
        Given().Distinct().ShouldHaveSingleItem();
    }

    /// <summary>The score of the version before is held until the last device is given the new one, and then no more.</summary>
    [Fact]
    public void ScoreOfTheVersionBefore_IsPutAgain_AsLongAsADeviceIsGivenIt()
    {
        rig.Step(new FleetEvent.DeploymentSeen(Deployment("app")));
        var first = rig.Open.OfType<FleetEffect.PutScore>().Single().Address;
        rig.Settle();

        rig.Step(Options.ScoreInterval, new FleetEvent.DeploymentSeen(Deployment("app", image: "localhost/hello:2", generation: 2)));
        rig.Answer<FleetEffect.ListScores>(_ => new EffectResult.ScoresListed([])).ShouldContain(line => line.StartsWith($"put score {first.Short}", StringComparison.Ordinal));
        rig.Settle();

        rig.Step(Options.ScoreInterval);
        rig.Answer<FleetEffect.ListScores>(_ => new EffectResult.ScoresListed([])).ShouldNotContain(line => line.StartsWith($"put score {first.Short}", StringComparison.Ordinal));
    }

    /// <summary>Back to the version before while the change is on its way: all are given that, and the other is named by nobody.</summary>
    [Fact]
    public void Deployment_ChangedBackWhileItReachesItsDevices_GivesAllTheVersionBefore()
    {
        rig.Step(new FleetEvent.DeploymentSeen(Deployment("app")));
        rig.Settle();
        var before = rig.PairsOf("pi-1").Single().Given;
        rig.Step(new FleetEvent.DeploymentSeen(Deployment("app", image: "localhost/hello:2", generation: 2)));
        var second = rig.Open.OfType<FleetEffect.PutScore>().Single().Address;

        rig.Step(new FleetEvent.DeploymentSeen(Deployment("app", generation: 3)));
        rig.Settle();

        Given().Distinct().ShouldBe([before]);
        rig.Step(Options.ScoreInterval);
        rig.Answer<FleetEffect.ListScores>(_ => new EffectResult.ScoresListed([])).ShouldNotContain(line => line.StartsWith($"put score {second.Short}", StringComparison.Ordinal));
    }

    [Fact]
    public void Deployment_DeletedWhileItReachesItsDevices_LeavesNone()
    {
        var seen = Deployment("app");
        rig.Step(new FleetEvent.DeploymentSeen(seen));
        rig.Step(new FleetEvent.DeploymentSeen(Deleting(seen)));

        rig.Settle().ShouldNotContain(line => line.StartsWith("put score", StringComparison.Ordinal));
        rig.IsAllTaken.ShouldBeTrue();
        rig.Progress.Phase.ShouldBe(FleetPhase.Converged);
        rig.Stored.Metadata.Finalizers.ShouldNotContain(ApiGroup.ManifestFinalizer);
    }

    /// <summary>The finalizer stands until no manifest names it: also of the devices that a later step looks at.</summary>
    [Fact]
    public void Deployment_DeletedFromManyDevices_LeavesTwoOfThemAStepAndThenTheStore()
    {
        rig.Step(new FleetEvent.DeploymentSeen(Deployment("app")));
        rig.Settle();

        var first = rig.Step(new FleetEvent.DeploymentSeen(Deleting(Deployment("app"))));
        (rig.IsAllTaken, rig.Progress.Phase).ShouldBe((false, FleetPhase.Converging));
        var second = rig.Step();
        rig.IsAllTaken.ShouldBeFalse();
        var third = rig.Step();
        rig.IsAllTaken.ShouldBeTrue();

        (Puts(first), Puts(second), Puts(third)).ShouldBe((2, 2, 1));
        first.Concat(second).Concat(third).ShouldNotContain(line => line.StartsWith("patch finalizers", StringComparison.Ordinal));
        rig.Settle();
        rig.Stored.Metadata.Finalizers.ShouldNotContain(ApiGroup.ManifestFinalizer);
    }

    /// <summary>Deleted by force and made anew at once: what is left of the old one goes, and the new one is given to all.</summary>
    [Fact]
    public void Deployment_MadeAnewWhileTheOldOneLeavesItsDevices_ReachesAll()
    {
        rig.Step(new FleetEvent.DeploymentSeen(Deployment("app")));
        rig.Settle();
        var old = Deleting(Deployment("app"));

        rig.Step(new FleetEvent.DeploymentSeen(old), new FleetEvent.DeploymentGone(old));
        rig.IsAllTaken.ShouldBeFalse();
        rig.Step(new FleetEvent.DeploymentSeen(Deployment("app") with { Metadata = Deployment("app").Metadata with { Uid = "uid-anew" } }));
        Puts(rig.Settle()).ShouldBe(5);
        rig.Step(Flush);
        rig.Settle();

        rig.Progress.Phase.ShouldBe(FleetPhase.Converged);
        rig.Stored.Status.ShouldNotBeNull().Aggregate.MatchedDeviceCount.ShouldBe(5);
        rig.Stored.Metadata.Finalizers.ShouldContain(ApiGroup.ManifestFinalizer);
    }

    /// <summary>An operator that begins knows all before it writes: no manifest lacks what a later step would give it.</summary>
    [Fact]
    public void Start_WithADeploymentForManyDevices_WritesNoManifestWithoutIt()
    {
        var next = new EngineRig(Options with { MaxVisits = 2 });
        next.Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed(Enumerable.Range(1, 5).Select(number => Device($"pi-{number}")))]);
        next.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        next.Step([.. Listed([Deployment("app")]), .. Enum.GetValues<WatchedBucket>().Select(bucket => new FleetEvent.WatchCaughtUp(bucket))]);
        next.IsAllTaken.ShouldBeTrue();

        next.Settle();

        var all = next.Notices.OfType<FleetNotice.ManifestStored>().ToArray();
        all.Length.ShouldBe(5);
        all.ShouldAllBe(put => System.Text.Encoding.UTF8.GetString(put.Step.Bytes).Contains("uid-app"));
    }

    private IEnumerable<ScoreIdentity> Given() => Enumerable.Range(1, 5).Select(number => rig.PairsOf($"pi-{number}").Single().Given);

    private static int Puts(IEnumerable<string> effects) => // To how many devices: "put manifest 3.1 of pi-1 ...".
        effects.Where(line => line.StartsWith("put manifest", StringComparison.Ordinal)).Select(line => line.Split(' ')[4]).Distinct(StringComparer.Ordinal).Count();

    private static int Statuses(IEnumerable<string> effects) => effects.Count(line => line.StartsWith("patch status of deployment", StringComparison.Ordinal));
}
