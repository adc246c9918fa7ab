using System.Collections.Immutable;
using System.Text;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Engine;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>What the watch of manifests, and what devices say of theirs, make of what is stored.</summary>
public sealed class ManifestWatchTests
{
    private static readonly DeviceId Pi = DeviceId.Parse("pi-1");
    private readonly EngineRig rig = new();
    private int sequence;

    /// <summary>What a resync does not show is gone, also where the resync before did.</summary>
    [Fact]
    public void Resync_ThatDoesNotShowWhatTheLastOneDid_FindsItMissing()
    {
        Begin("pi-1", "pi-2");
        Resync("pi-1", "pi-2").ShouldBeEmpty();

        Resync("pi-1").ShouldHaveSingleItem().ShouldStartWith("put manifest 3.1 of pi-2 over revision 0");
    }

    [Fact]
    public void Restart_ThatDoesNotShowWhatTheLastWatchDid_FindsItMissing_AndIsTold()
    {
        Begin("pi-1", "pi-2");
        Resync("pi-1", "pi-2").ShouldBeEmpty();

        var effects = rig.Step(
            new FleetEvent.WatchRestarted(WatchedBucket.DesiredState, "a gap"), new FleetEvent.ManifestUnchanged(Pi), new FleetEvent.WatchCaughtUp(WatchedBucket.DesiredState));

        effects.Where(effect => effect.StartsWith("put", StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldStartWith("put manifest 3.1 of pi-2 over revision 0");
        rig.Notices.OfType<FleetNotice.ManifestsDoubted>().ShouldBe([new("a gap")]);
        effects.ShouldContain("ensure buckets (connection 1)", "it may have been made anew");
    }

    /// <summary>Of other buckets it says nothing about manifests.</summary>
    [Fact]
    public void Resync_OfAnotherBucket_LeavesTheManifestsAlone()
    {
        Begin("pi-1");
        Resync("pi-1").ShouldBeEmpty();

        rig.Step(new FleetEvent.ResyncBegan(WatchedBucket.DeviceInfo), new FleetEvent.WatchCaughtUp(WatchedBucket.DeviceInfo), new FleetEvent.WatchCaughtUp(WatchedBucket.DesiredState)).ShouldBeEmpty();
    }

    /// <summary>The watch comes behind what was written.</summary>
    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void Watch_ThatShowsARevisionOfBefore_IsNoNews(int offset, bool isNews)
    {
        Begin("pi-1");
        var revision = StoredRevision();

        var effects = rig.Step(new FleetEvent.ManifestSeen(Pi, new StoredManifest((ulong)((long)revision + offset), Digest.Of("somebody else's"u8), new Generation(3, 9)), []));

        effects.Length.ShouldBe(isNews ? 1 : 0);
        if (isNews)
        {
            effects[0].ShouldStartWith($"put manifest 3.10 of pi-1 over revision {revision + 1}");
        }
    }

    [Fact]
    public void Watch_ThatShowsOneOfNoDevice_IsNoWork()
    {
        Begin("pi-1");
        rig.Step(new FleetEvent.ManifestSeen(DeviceId.Parse("unknown"), new StoredManifest(9, Digest.Of("x"u8), new Generation(1, 1)), [])).ShouldBeEmpty();
        rig.Step(new FleetEvent.DeviceSeen(Deleting(Device("pi-1"))));
        rig.Settle();

        rig.Step(new FleetEvent.ManifestSeen(Pi, new StoredManifest(9000, Digest.Of("x"u8), new Generation(1, 1)), [])).ShouldBeEmpty();

        rig.Notices.ShouldNotContain(notice => notice is FleetNotice.Poisoned);
        rig.Progress.Devices.ShouldBe(1);
    }

    /// <summary>Publishing it again is all that can be done; the waits grow.</summary>
    [Theory]
    [InlineData(RefusalReason.BadMac)]
    [InlineData(RefusalReason.Stale)]
    public void Refused_IsStoredAgain_AndLaterOnceMore(RefusalReason reason)
    {
        Begin("pi-1");

        Puts(Refuse(reason)).ShouldBe(1);
        Puts(rig.Step(TimeSpan.FromSeconds(4))).ShouldBe(0);
        Puts(Refuse(reason)).ShouldBe(0, "it was just done");
        Puts(rig.Step(TimeSpan.FromSeconds(1))).ShouldBe(1);
        rig.Settle();
        Puts(rig.Step(TimeSpan.FromSeconds(9))).ShouldBe(0);
        Puts(rig.Step(TimeSpan.FromSeconds(1))).ShouldBe(1);
        rig.Settle();
        rig.Notices.OfType<FleetNotice.ManifestStored>().Last().Step.Why.ShouldBe($"again, because the device refused: {reason}");
    }

    [Fact]
    public void Refused_ForItsForm_IsNotStoredAgain()
    {
        Begin("pi-1");

        Puts(Refuse(RefusalReason.TooNew)).ShouldBe(0);
    }

    /// <summary>It holds what is stored: there is nothing to decide.</summary>
    [Fact]
    public void Taken_IsNoWork()
    {
        Begin("pi-1");
        var step = rig.Notices.OfType<FleetNotice.ManifestStored>().Last().Step;

        Puts(rig.Step(Says(report => report with { ManifestGeneration = step.Generation, ManifestDigest = step.Digest }))).ShouldBe(0);
    }

    /// <summary>An operator whose memory was lost writes past what a device holds: what it holds would not be taken for news.</summary>
    [Fact]
    public void DeviceThatHoldsALaterOne_IsGivenOnePastIt()
    {
        Begin("pi-1");

        rig.Step(Says(report => report with { ManifestGeneration = new Generation(3, 40), ManifestDigest = Digest.Of("nobody here knows it"u8) })).ShouldContain(
            effect => effect.StartsWith("put manifest 3.41 of pi-1", StringComparison.Ordinal) && effect.EndsWith("past 3.40, which the device holds", StringComparison.Ordinal));
    }

    /// <summary>A device that is deleted is given nothing more, whatever changes.</summary>
    [Fact]
    public void DeletedDevice_IsGivenNothing()
    {
        Begin("pi-1");
        rig.Step(new FleetEvent.DeviceSeen(Deleting(Device("pi-1"))));
        rig.Settle();

        rig.Step(new FleetEvent.DeploymentSeen(Deployment("db")), Says(report => report));
        rig.Settle();

        Encoding.UTF8.GetString(rig.Notices.OfType<FleetNotice.ManifestStored>().Last().Step.Bytes).ShouldNotContain("uid-db");
        rig.Progress.Phase.ShouldBe(FleetPhase.Converged);
    }

    /// <summary>Its keys had been removed already: they are once more, before the finalizer goes.</summary>
    [Fact]
    public void ManifestThatLandsAfterTheKeysWereRemoved_IsRemovedBeforeTheDeviceGoes()
    {
        Begin("pi-1");
        rig.Step(new FleetEvent.DeploymentSeen(Deployment("web", image: "localhost/hello:2", generation: 2)));
        rig.Answer<FleetEffect.PutScore>(_ => new EffectResult.Done());
        var put = rig.Open.OfType<FleetEffect.PutManifest>().Single();
        rig.Open.Clear();
        rig.Step(new FleetEvent.DeviceSeen(Deleting(Device("pi-1"))));
        rig.Answer<FleetEffect.DeleteKeys>(_ => new EffectResult.Done());
        rig.Open.Clear();

        rig.Step(new FleetEvent.Finished(put, new EffectResult.ManifestPut(new StoredManifest(900, put.Step.Digest, put.Step.Generation), IsWritten: true, [])))
            .ShouldContain("delete keys of pi-1");
    }

    /// <summary>A link that came and went before anything was read: there is nothing to doubt.</summary>
    [Fact]
    public void FirstConnections_AreNotWaitedOn()
    {
        rig.Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed([Deployment("web")]), .. Listed([Device("pi-1")])]);
        rig.Step(new FleetEvent.LinkChanged(IsUp: false, 1), new FleetEvent.LinkChanged(IsUp: true, 2));
        rig.Open.RemoveAll(effect => effect is FleetEffect.EnsureBuckets { Connection: 1 });
        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));

        rig.Step([.. Enum.GetValues<WatchedBucket>().Select(bucket => new FleetEvent.WatchCaughtUp(bucket))]);

        rig.HasCaughtUp.ShouldBeTrue();
    }

    /// <summary>After ten seconds a server that never begins the watch again is believed.</summary>
    [Fact]
    public void NewConnection_IsWaitedOnForTheRewatchLimit()
    {
        Begin("pi-1");
        rig.Step(new FleetEvent.LinkChanged(IsUp: false, 1), new FleetEvent.LinkChanged(IsUp: true, 2));
        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        rig.HasCaughtUp.ShouldBeFalse();
        rig.Step(Options.RewatchLimit - TimeSpan.FromMilliseconds(1));
        rig.HasCaughtUp.ShouldBeFalse();

        rig.Step(TimeSpan.FromMilliseconds(1));

        rig.HasCaughtUp.ShouldBeTrue();
    }

    /// <summary>Each of the things that must be known is waited for.</summary>
    [Theory]
    [InlineData("term")]
    [InlineData("deployments")]
    [InlineData("devices")]
    [InlineData("buckets")]
    [InlineData("manifests")]
    [InlineData("infos")]
    [InlineData("reports")]
    public void WhereOneThingIsNotKnown_NothingIsWritten(string missing)
    {
        ImmutableArray<(string What, ImmutableArray<FleetEvent> Told)> all =
        [
            ("term", [new FleetEvent.TermBegan(3)]),
            ("buckets", [new FleetEvent.LinkChanged(IsUp: true, 1), new FleetEvent.Finished(new FleetEffect.EnsureBuckets(1), new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere))]),
            ("deployments", [.. Listed([Deployment("web")])]),
            ("devices", [.. Listed([Device("pi-1")])]),
            ("manifests", [new FleetEvent.WatchCaughtUp(WatchedBucket.DesiredState)]),
            ("infos", [new FleetEvent.WatchCaughtUp(WatchedBucket.DeviceInfo)]),
            ("reports", [new FleetEvent.WatchCaughtUp(WatchedBucket.DeviceState)]),
        ];
        foreach (var (what, told) in all.Where(one => one.What != missing))
        {
            rig.Step(told);
        }

        rig.HasCaughtUp.ShouldBeFalse();
        rig.Open.ShouldNotContain(effect => effect is FleetEffect.PutManifest || effect is FleetEffect.PutScore || effect is FleetEffect.ListScores);
        rig.Step(all.Single(one => one.What == missing).Told);
        rig.HasCaughtUp.ShouldBeTrue();
    }

    private void Begin(params string[] devices)
    {
        rig.Begin([Deployment("web")], [.. devices.Select(name => Device(name))]);
        rig.Settle();
        rig.Step(TimeSpan.FromSeconds(2));
        rig.Settle();
    }

    /// <summary>The bucket is read anew, and shows what it held for these.</summary>
    private ImmutableArray<string> Resync(params string[] shown) => rig.Step([
        new FleetEvent.ResyncBegan(WatchedBucket.DesiredState), .. shown.Select(name => new FleetEvent.ManifestUnchanged(DeviceId.Parse(name))), new FleetEvent.WatchCaughtUp(WatchedBucket.DesiredState)]);

    private ulong StoredRevision() // As the rig numbers what it stores: the write over it tells.
    {
        rig.Step(new FleetEvent.DeploymentSeen(Deployment("db")));
        rig.Settle();
        rig.Step(new FleetEvent.DeploymentSeen(Deployment("db", image: "localhost/db:2", generation: 2)));
        rig.Answer<FleetEffect.PutScore>(_ => new EffectResult.Done());
        var put = rig.Open.OfType<FleetEffect.PutManifest>().Single();
        rig.Open.Clear();
        rig.Step(new FleetEvent.Finished(put, new EffectResult.ManifestPut(new StoredManifest(put.Step.Revision + 1, put.Step.Digest, put.Step.Generation), IsWritten: true, [])));
        return put.Step.Revision + 1;
    }

    private static int Puts(IEnumerable<string> effects) => effects.Count(effect => effect.StartsWith("put manifest", StringComparison.Ordinal));

    /// <returns>What came of it, with what is stored.</returns>
    private IEnumerable<string> Refuse(RefusalReason reason)
    {
        var effects = rig.Step(Says(report => report with { Refusal = new() { Reason = reason, Message = $"no {sequence}", At = rig.Now } }));
        return [.. effects, .. rig.Settle()];
    }

    private FleetEvent.ReportHeard Says(Func<DeviceReport, DeviceReport> change) => new(
        change(new DeviceReport { Device = Pi, Instance = "run", Boot = 1, Sequence = ++sequence, At = rig.Now }), rig.Now);
}
