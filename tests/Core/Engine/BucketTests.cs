using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>When the buckets are verified, and what follows from what is found.</summary>
public sealed class BucketTests
{
    private static readonly TimeSpan Interval = Options.BucketInterval;
    private readonly EngineRig rig = new();

    [Fact]
    public void Buckets_AreVerifiedFirstAfterAnInterval()
    {
        Begin();

        rig.Step(Interval - TimeSpan.FromMilliseconds(1)).ShouldBeEmpty();
        rig.Step(TimeSpan.FromMilliseconds(1)).ShouldBe(["ensure buckets (connection 1)"]);
    }

    [Fact]
    public void Buckets_AreVerifiedAgainAndAgain_BetweenHalfAnIntervalAndAnInterval()
    {
        Begin();
        var at = new List<DateTimeOffset>();
        for (var second = 0.0; second < 300; second += 0.5)
        {
            if (rig.Step(TimeSpan.FromSeconds(0.5)).Contains("ensure buckets (connection 1)"))
            {
                at.Add(rig.Now);
            }

            rig.Settle();
        }

        at.Count.ShouldBeGreaterThanOrEqualTo(20);
        at.Zip(at.Skip(1), (first, second) => second - first).ShouldAllBe(pause => pause >= Interval / 2 && pause <= Interval + TimeSpan.FromSeconds(0.5));
    }

    [Fact]
    public void WithoutALink_NothingIsVerified()
    {
        Begin();
        rig.Step(new FleetEvent.LinkChanged(IsUp: false, 1));

        rig.Step(TimeSpan.FromMinutes(1)).ShouldNotContain(effect => effect.StartsWith("ensure", StringComparison.Ordinal));
        rig.HasCaughtUp.ShouldBeFalse();
    }

    [Fact]
    public void WhatFails_IsTriedAgain_OnTheNewestConnectionAlone()
    {
        Begin();
        rig.Step(Interval);
        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.Failed()).ShouldBeEmpty("it waits first");
        rig.Step(Options.BackOff.Base).ShouldBe(["ensure buckets (connection 1)"]);
        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.NotReady));
        rig.HasCaughtUp.ShouldBeFalse("not all of them stand");

        rig.Step(new FleetEvent.LinkChanged(IsUp: false, 1), new FleetEvent.LinkChanged(IsUp: true, 2));

        rig.Step(TimeSpan.FromSeconds(10)).ShouldBeEmpty();
        rig.Open.OfType<FleetEffect.EnsureBuckets>().ShouldBe([new(2)]);
    }

    /// <summary>What was found through the connection before may be of another server.</summary>
    [Fact]
    public void WhatTheConnectionBeforeFound_CountsForNothing()
    {
        Begin();
        rig.Step(Interval);
        var before = rig.Open.OfType<FleetEffect.EnsureBuckets>().Single();
        rig.Open.Clear();
        rig.Step(new FleetEvent.LinkChanged(IsUp: false, 1), new FleetEvent.LinkChanged(IsUp: true, 2));
        var now = rig.Open.OfType<FleetEffect.EnsureBuckets>().Single();

        rig.Step(Restarted(), new FleetEvent.Finished(before, new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere)));
        rig.HasCaughtUp.ShouldBeFalse();
        rig.Step(new FleetEvent.Finished(now, new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere)), CaughtUp());
        rig.HasCaughtUp.ShouldBeTrue();
    }

    [Fact]
    public void WhatALostConnectionFound_CountsForNothing()
    {
        Begin();
        rig.Step(Interval);
        rig.Step(new FleetEvent.LinkChanged(IsUp: false, 1));

        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));

        rig.HasCaughtUp.ShouldBeFalse();
    }

    [Theory]
    [InlineData(BucketsFound.AsTheyWere, false)]
    [InlineData(BucketsFound.MadeAnew, true)]
    public void Scores_AreListedAgain_WhereABucketWasMadeAnew(BucketsFound found, bool isListed)
    {
        Begin();
        rig.Step(Interval);

        var effects = rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(found));

        effects.Contains("list scores").ShouldBe(isListed);
    }

    /// <summary>What other rules discarded is told by no watch: it stayed away until the next resync, ten minutes later.</summary>
    [Fact]
    public void BucketsThatHadOtherRules_AreReadAgain_AtOnce()
    {
        Begin();
        rig.Step(Interval);

        var effects = rig.Answer<FleetEffect.EnsureBuckets>(_ => Corrected(BucketNames.DesiredState, BucketNames.DeviceState));

        effects.ShouldBe(["read again all of desired-state, device-state"]);
    }

    [Fact]
    public void ScoresThatHadOtherRules_AreListedAgain_AtOnce()
    {
        Begin();
        rig.Step(Interval);

        rig.Answer<FleetEffect.EnsureBuckets>(_ => Corrected(BucketNames.Scores)).ShouldContain("list scores");
    }

    /// <summary>The next connection may have read the bucket before it was put right.</summary>
    [Fact]
    public void BucketsThatHadOtherRules_OverTheConnectionBefore_AreReadAgain()
    {
        Begin();
        rig.Step(Interval);
        var before = rig.Open.OfType<FleetEffect.EnsureBuckets>().Single();
        rig.Open.Clear();
        rig.Step(new FleetEvent.LinkChanged(IsUp: false, 1), new FleetEvent.LinkChanged(IsUp: true, 2));

        rig.Step(new FleetEvent.Finished(before, Corrected(BucketNames.DesiredState))).ShouldBe(["read again all of desired-state"]);
    }

    /// <summary>Nothing of them was read yet.</summary>
    [Fact]
    public void BucketsThatHadOtherRules_BeforeTheyAreWatched_AreWatchedAsEver()
    {
        rig.Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed((Contracts.Resources.Deployment[])[]), .. Listed((Contracts.Resources.Device[])[])]);

        rig.Answer<FleetEffect.EnsureBuckets>(_ => Corrected(BucketNames.DesiredState)).ShouldBe(["watch buckets"]);
    }

    /// <summary>The server may be another one, or an older copy: both say so, and nothing is taken back by the second.</summary>
    [Theory]
    [InlineData(BucketsFound.AsTheyWere)]
    [InlineData(BucketsFound.MadeAnew)]
    public void Scores_AreListedAgain_OverANewConnection(BucketsFound found)
    {
        Begin();
        rig.Step(new FleetEvent.LinkChanged(IsUp: false, 1), new FleetEvent.LinkChanged(IsUp: true, 2), Restarted(), CaughtUp());

        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(found)).ShouldContain("list scores");
    }

    /// <summary>It failed for want of a link: there is one now.</summary>
    [Fact]
    public void NewConnection_PutsTheScoreThatFailed_AtOnce()
    {
        rig.Begin([Deployment("web")], []);
        Fail<FleetEffect.PutScore>();
        rig.Step(new FleetEvent.LinkChanged(IsUp: false, 1), new FleetEvent.LinkChanged(IsUp: true, 2), Restarted(), CaughtUp());

        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere)).ShouldContain(effect => effect.StartsWith("put score", StringComparison.Ordinal));
    }

    [Fact]
    public void NewConnection_RemovesTheKeysThatItCouldNot_AtOnce()
    {
        Begin();
        rig.Step(new FleetEvent.DeviceSeen(Device("pi-1")));
        rig.Settle();
        rig.Step(new FleetEvent.DeviceSeen(Deleting(Device("pi-1"))));
        Fail<FleetEffect.DeleteKeys>();

        rig.Step(new FleetEvent.LinkChanged(IsUp: false, 1), new FleetEvent.LinkChanged(IsUp: true, 2)).ShouldContain("delete keys of pi-1");
    }

    [Fact]
    public void SameConnection_ThatIsBack_IsVerifiedAtOnce_HoweverOftenThatFailed()
    {
        Begin();
        rig.Step(Interval);
        Fail<FleetEffect.EnsureBuckets>();

        rig.Step(new FleetEvent.LinkChanged(IsUp: false, 1)).ShouldBeEmpty();
        rig.Step(new FleetEvent.LinkChanged(IsUp: true, 1)).ShouldBe(["ensure buckets (connection 1)"]);
    }

    private void Begin()
    {
        rig.Begin([], []);
        rig.Settle();
    }

    /// <summary>So often that it would wait for longer than a second.</summary>
    private void Fail<T>()
        where T : FleetEffect
    {
        for (var time = 0; time < 5; time++)
        {
            if (time > 0)
            {
                rig.Step(TimeSpan.FromSeconds(8));
            }

            rig.Answer<T>(_ => new EffectResult.Failed());
        }

        rig.Open.OfType<T>().ShouldBeEmpty();
    }

    private static EffectResult.BucketsEnsured Corrected(params string[] names) => new(BucketsFound.AsTheyWere) { Corrected = [.. names] };

    private static FleetEvent.WatchRestarted Restarted() => new(WatchedBucket.DesiredState, "the connection is new");

    private static FleetEvent.WatchCaughtUp CaughtUp() => new(WatchedBucket.DesiredState);
}
