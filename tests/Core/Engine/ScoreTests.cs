using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>Scores are known by listing their bucket: put is what is missing there, and nothing else.</summary>
public sealed class ScoreTests
{
    private static readonly TimeSpan Interval = Options.ScoreInterval;
    private readonly EngineRig rig = new();

    private IEnumerable<Digest> Put => rig.Open.OfType<FleetEffect.PutScore>().Select(put => put.Address);

    [Fact]
    public void Start_PutsOnlyWhatTheBucketLacks()
    {
        var other = new EngineRig();
        other.Begin([Deployment("web"), Deployment("db", image: "localhost/db:1")], []);
        ImmutableArray<Digest> both = [.. other.Open.OfType<FleetEffect.PutScore>().Select(put => put.Address)];
        both.Length.ShouldBe(2);

        Start(Deployment("web"), Deployment("db", image: "localhost/db:1"));
        Put.ShouldBeEmpty();
        rig.Answer<FleetEffect.ListScores>(_ => new EffectResult.ScoresListed([both[0]]));

        Put.ShouldHaveSingleItem().ShouldBe(both[1]);
    }

    [Fact]
    public void FromTimeToTime_TheBucketIsListed_AndWhatIsMissingIsPut()
    {
        rig.Begin([Deployment("web")], [Device("pi-1")]);
        var web = Put.Single();
        rig.Settle();

        rig.Step(Interval).ShouldContain("list scores");
        rig.Answer<FleetEffect.ListScores>(_ => new EffectResult.ScoresListed([web])).ShouldBeEmpty();
        rig.Step(Interval);
        rig.Answer<FleetEffect.ListScores>(_ => new EffectResult.ScoresListed([])).ShouldHaveSingleItem().ShouldStartWith("put score");
    }

    /// <summary>It was damaged, or taken, right after it was put.</summary>
    [Fact]
    public void Missed_AMomentAfterItWasPut_IsLookedAtAMomentLater()
    {
        rig.Begin([Deployment("web")], [Device("pi-1")]);
        rig.Settle();
        rig.Step(TimeSpan.FromSeconds(2), new FleetEvent.ReportHeard(
            new() { Device = DeviceId.Parse("pi-1"), Instance = "run", Sequence = 1, At = rig.Now, Refusal = new() { Reason = RefusalReason.ScoreMissing, Message = "missing", At = rig.Now } }, rig.Now));
        Put.ShouldBeEmpty("it was just put");

        rig.Step(TimeSpan.FromSeconds(4));
        Put.ShouldHaveSingleItem();
    }

    /// <summary>A device says once that it misses a score: what is put may be damaged again before the device has it.</summary>
    [Fact]
    public void Missed_AndPut_IsLookedAtAgain_UntilTheDeviceMissesItNoMore()
    {
        rig.Begin([Deployment("web")], [Device("pi-1")]);
        rig.Settle();
        PutsAfter(10, Says(1, RefusalReason.ScoreMissing)).ShouldBe(1);

        PutsAfter(10).ShouldBe(1);
        PutsAfter(10).ShouldBe(0, "each wait is longer");
        PutsAfter(10).ShouldBe(1);

        PutsAfter(0, Says(2, null)).ShouldBe(0);
        PutsAfter(240).ShouldBe(0);
    }

    /// <summary>The waits double, up to a minute: a device that never finds it costs little.</summary>
    [Fact]
    public void Missed_ForLong_IsLookedAtSeldomer()
    {
        rig.Begin([Deployment("web")], [Device("pi-1")]);
        rig.Settle();
        PutsAfter(10, Says(1, RefusalReason.ScoreMissing));
        var at = new List<int>();
        for (var second = 1; second <= 300; second++)
        {
            if (PutsAfter(1) > 0)
            {
                at.Add(second);
            }
        }

        at.ShouldBe([10, 30, 70, 130, 190, 250]);
    }

    /// <summary>It was put while the bucket was being listed: that the list lacks it says nothing.</summary>
    [Fact]
    public void Score_PutSinceTheListBegan_IsNotPutAgain()
    {
        rig.Begin([Deployment("web")], [Device("pi-1")]);
        rig.Settle();
        rig.Step(Interval);
        rig.Step(TimeSpan.FromSeconds(1), Says(1, RefusalReason.ScoreMissing));
        rig.Answer<FleetEffect.PutScore>(_ => new EffectResult.Done());

        rig.Answer<FleetEffect.ListScores>(_ => new EffectResult.ScoresListed([])).ShouldNotContain(effect => effect.StartsWith("put score", StringComparison.Ordinal));
    }

    /// <summary>Each failure makes the next wait longer, and one list that is read makes it short again.</summary>
    [Fact]
    public void List_ThatFailsAgainAndAgain_WaitsLonger_UntilOneIsRead()
    {
        var other = new EngineRig(random: new Poison.Chance());
        other.Begin([], []);
        int WaitAfterAFailure()
        {
            other.Answer<FleetEffect.ListScores>(_ => new EffectResult.Failed());
            var waited = 0;
            for (; !other.Open.OfType<FleetEffect.ListScores>().Any(); waited += 50)
            {
                other.Step(TimeSpan.FromMilliseconds(50));
            }

            return waited;
        }

        other.Step(Interval);
        (WaitAfterAFailure(), WaitAfterAFailure(), WaitAfterAFailure(), WaitAfterAFailure()).ShouldBe((550, 1100, 2200, 4400));
        other.Answer<FleetEffect.ListScores>(_ => new EffectResult.ScoresListed([]));
        other.Step(Interval);
        (WaitAfterAFailure(), WaitAfterAFailure()).ShouldBe((550, 1100));

        other.Open.RemoveAll(effect => effect is FleetEffect.EnsureBuckets);
        other.Step(new FleetEvent.LinkChanged(IsUp: false, 1), new FleetEvent.LinkChanged(IsUp: true, 2), new FleetEvent.WatchRestarted(WatchedBucket.DesiredState, "new"), new FleetEvent.WatchCaughtUp(WatchedBucket.DesiredState));
        other.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        WaitAfterAFailure().ShouldBe(550, "what failed over the connection before says nothing");
    }

    /// <summary>The bucket is listed at times that nobody can foretell, so that many operators do not list at once: within an interval, and not before half of it.</summary>
    [Fact]
    public void Lists_AreBetweenHalfAnIntervalAndAnIntervalApart()
    {
        rig.Begin([], []);
        var at = new List<DateTimeOffset> { rig.Now };
        for (var turn = 0; turn < 900; turn++)
        {
            if (rig.Step(TimeSpan.FromSeconds(10)).Contains("list scores"))
            {
                at.Add(rig.Now);
            }

            rig.Settle();
        }

        at.Count.ShouldBeGreaterThan(12);
        at.Zip(at.Skip(1), (first, second) => second - first).ShouldAllBe(pause => pause >= Interval / 2 && pause <= Interval + TimeSpan.FromSeconds(10));
    }

    /// <summary>It waited for room, and the list found that the bucket holds it.</summary>
    [Fact]
    public void Score_ThatTheListShows_IsNotPut_ThoughItWaitedForThat()
    {
        rig.Begin([Deployment("web")], []);
        var web = Put.Single();
        var narrow = new EngineRig(Options with { BusWrites = 1 });
        narrow.Begin([], []);
        while (!narrow.Open.OfType<FleetEffect.ListScores>().Any())
        {
            narrow.Settle();
            narrow.Step(TimeSpan.FromSeconds(1));
        }

        narrow.Step(new FleetEvent.DeploymentSeen(Deployment("web")));

        narrow.Answer<FleetEffect.ListScores>(_ => new EffectResult.ScoresListed([web])).ShouldNotContain(effect => effect.StartsWith("put score", StringComparison.Ordinal));
    }

    [Fact]
    public void BucketMadeAnew_IsListedAtOnce_AndManifestsWaitForThat()
    {
        rig.Begin([Deployment("web")], [Device("pi-1")]);
        var web = Put.Single();
        rig.Settle();
        rig.Step(new FleetEvent.WatchRestarted(WatchedBucket.DesiredState, "lost"));
        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.MadeAnew));

        rig.Step(new FleetEvent.WatchCaughtUp(WatchedBucket.DesiredState)).ShouldHaveSingleItem().ShouldBe("list scores");
        rig.Answer<FleetEffect.ListScores>(_ => new EffectResult.ScoresListed([web])).ShouldHaveSingleItem().ShouldStartWith("put manifest");
    }

    [Fact]
    public void BucketMadeAnew_ForAConnectionThatIsOver_IsListedWithTheNextLook()
    {
        rig.Begin([Deployment("web")], [Device("pi-1")]);
        rig.Settle();
        rig.Step(new FleetEvent.WatchRestarted(WatchedBucket.DeviceInfo, "lost"));
        var late = rig.Open.OfType<FleetEffect.EnsureBuckets>().Single();
        rig.Open.Clear();
        rig.Step(new FleetEvent.LinkChanged(IsUp: false, 1), new FleetEvent.LinkChanged(IsUp: true, 2));
        rig.Step(new FleetEvent.WatchRestarted(WatchedBucket.DesiredState, "a new connection"), new FleetEvent.WatchCaughtUp(WatchedBucket.DesiredState));
        rig.Settle();

        rig.Step(new FleetEvent.Finished(late, new EffectResult.BucketsEnsured(BucketsFound.MadeAnew)));
        rig.Step(Options.BucketInterval);

        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere)).ShouldContain("list scores");
    }

    /// <summary>It may have been read before the loss.</summary>
    [Fact]
    public void List_OfBeforeALoss_CountsForNothing()
    {
        rig.Begin([Deployment("web")], [Device("pi-1")]);
        var web = Put.Single();
        rig.Settle();
        rig.Step(Interval).ShouldContain("list scores");
        rig.Step(new FleetEvent.LinkChanged(IsUp: false, 1), new FleetEvent.LinkChanged(IsUp: true, 2));
        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        rig.Step(new FleetEvent.WatchRestarted(WatchedBucket.DesiredState, "a new connection"), new FleetEvent.WatchCaughtUp(WatchedBucket.DesiredState));

        rig.Answer<FleetEffect.ListScores>(_ => new EffectResult.ScoresListed([web])).ShouldHaveSingleItem().ShouldBe("list scores");
        rig.Answer<FleetEffect.ListScores>(_ => new EffectResult.ScoresListed([])).ShouldHaveSingleItem().ShouldStartWith("put score");
    }

    [Fact]
    public void List_ThatFails_IsTriedAgainAfterAWhile()
    {
        Start(Deployment("web"));

        rig.Answer<FleetEffect.ListScores>(_ => new EffectResult.Failed()).ShouldBeEmpty();
        rig.Step(Options.BackOff.Base).ShouldContain("list scores");
        Put.ShouldBeEmpty();
    }

    /// <summary>Something else may stand at its address, which no list shows.</summary>
    [Fact]
    public void Score_ThatADeviceMisses_IsLookedAt_ThoughItIsListed()
    {
        rig.Begin([Deployment("web")], [Device("pi-1")]);
        rig.Settle();
        rig.Step(TimeSpan.FromMinutes(1));
        rig.Settle();

        var report = new DeviceReport { Device = DeviceId.Parse("pi-1"), Instance = "run", Sequence = 1, At = rig.Now, Refusal = new() { Reason = RefusalReason.ScoreMissing } };
        rig.Step(new FleetEvent.ReportHeard(report, rig.Now)).ShouldContain(effect => effect.StartsWith("put score", StringComparison.Ordinal));
    }

    private int PutsAfter(double seconds, params IReadOnlyList<FleetEvent> happened)
    {
        string[] effects = [.. rig.Step(TimeSpan.FromSeconds(seconds), happened), .. rig.Step(), .. rig.Settle()];
        return effects.Count(effect => effect.StartsWith("put score", StringComparison.Ordinal));
    }

    private FleetEvent.ReportHeard Says(int sequence, RefusalReason? refused) => new(
        new()
        {
            Device = DeviceId.Parse("pi-1"), Instance = "run", Sequence = sequence, At = rig.Now,
            Refusal = refused is { } reason ? new() { Reason = reason, Message = "missing", At = rig.Now } : null,
        },
        rig.Now);

    /// <summary>Up to where the bucket has not been listed yet.</summary>
    private void Start(params ImmutableArray<Harmony.Fleet.Contracts.Resources.Deployment> deployments)
    {
        rig.Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed(deployments), .. Listed(ImmutableArray<Harmony.Fleet.Contracts.Resources.Device>.Empty)]);
        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        rig.Step([.. Enum.GetValues<WatchedBucket>().Select(bucket => new FleetEvent.WatchCaughtUp(bucket))]);
    }
}
