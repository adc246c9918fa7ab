using System.Globalization;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Engine;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

public sealed class EngineTests
{
    private readonly EngineRig rig = new();

    /// <summary>What an operator does from its start to a fleet that has what it should, effect by effect.</summary>
    [Fact]
    public void Step_FromTheStart_PlansWhatIsWrittenDown()
    {
        var plan = new List<string>();
        plan.AddRange(rig.Step(new FleetEvent.TermBegan(3)));
        plan.AddRange(rig.Step(new FleetEvent.LinkChanged(IsUp: true, 1)));
        plan.AddRange(rig.Step([.. Listed([Fresh("web")]), .. Listed([Device("pi-1"), Device("pi-2", "b")])]));
        plan.AddRange(rig.Settle());
        plan.Add("-- the buckets have been read");
        plan.AddRange(rig.Step([.. Enum.GetValues<WatchedBucket>().Select(bucket => new FleetEvent.WatchCaughtUp(bucket))]));
        plan.AddRange(rig.Settle());
        plan.Add("-- pi-1 gives a sign of life");
        plan.AddRange(rig.Step(TimeSpan.FromSeconds(1), rig.Beat("pi-1", 1)));
        plan.AddRange(rig.Settle());

        string.Join('\n', plan).ShouldBe(Plan, string.Join('\n', plan));
    }

    [Fact]
    public void Step_TheSameAgain_GivesTheSame()
    {
        string[] Run()
        {
            var other = new EngineRig();
            other.Begin([Deployment("web")], [Device("pi-1")]);
            other.Answer<FleetEffect.PutScore>(_ => new EffectResult.Failed());
            return [.. Enumerable.Range(0, 50).SelectMany(_ => other.Step(TimeSpan.FromMilliseconds(100)).Prepend(other.Now.ToString("O", CultureInfo.InvariantCulture)))];
        }

        var first = Run();
        first.ShouldContain(line => line.StartsWith("put score", StringComparison.Ordinal));
        Run().ShouldBe(first);
    }

    [Fact]
    public void Step_PoisonedObject_IsToldAndTheOthersGoOn()
    {
        rig.Begin([null!, Deployment("web")], [null!, Device("pi-1")]);
        rig.Step(new FleetEvent.DeviceSeen(null!), new FleetEvent.DeviceSeen(Device("pi-2")));
        rig.Settle();

        rig.Notices.OfType<FleetNotice.Poisoned>().Select(notice => notice.Subject).ShouldBe(["Deployment /", "Device ", "Device "]);
        rig.Notices.OfType<FleetNotice.ManifestStored>().Select(notice => notice.Device.Value).ShouldBe(["pi-1", "pi-2"], ignoreOrder: true);
    }

    [Fact]
    public void Step_MoreThanMayRun_WaitsForAnswers()
    {
        var narrow = new EngineRig(Options with { BusWrites = 3 });
        narrow.Begin([], [.. Enumerable.Range(1, 10).Select(number => Device($"pi-{number}"))]);

        narrow.Open.OfType<FleetEffect.PutManifest>().Count().ShouldBe(3);
        narrow.Answer<FleetEffect.PutManifest>(_ => new EffectResult.Failed());
        narrow.Open.OfType<FleetEffect.PutManifest>().Count().ShouldBe(3);
    }

    [Fact]
    public void Step_MoreThanOneStepTakes_SaysSoAndGoesOnInTheNext()
    {
        var quick = new EngineRig(Options with { MaxDecisions = 4 });
        quick.Step(new FleetEvent.TermBegan(1), new FleetEvent.LinkChanged(IsUp: true, 1), new FleetEvent.DeploymentsListed([], []));
        quick.Step([.. Listed(Enumerable.Range(1, 10).Select(number => Device($"pi-{number}")))]);

        quick.IsAllTaken.ShouldBeFalse();
        quick.Open.OfType<FleetEffect.UpdateDevice>().Count().ShouldBe(4);
        quick.Step();
        quick.Open.OfType<FleetEffect.UpdateDevice>().Count().ShouldBe(8);
        quick.Step();
        quick.Open.OfType<FleetEffect.UpdateDevice>().Count().ShouldBe(10);
        quick.IsAllTaken.ShouldBeTrue();
    }

    [Fact]
    public void Step_FailedWrite_ComesAgainAfterItsWait_AndAtOnceWithANewConnection()
    {
        rig.Begin([], [Device("pi-1")]);
        rig.Answer<FleetEffect.PutManifest>(_ => new EffectResult.Failed());

        rig.Step(new FleetEvent.ReportHeard(new() { Device = DeviceId.Parse("pi-1"), Instance = "run", Sequence = 1, At = rig.Now }, rig.Now)).ShouldNotContain(text => text.StartsWith("put", StringComparison.Ordinal));
        rig.Step(TimeSpan.FromSeconds(1)).ShouldContain(text => text.StartsWith("put manifest", StringComparison.Ordinal));

        rig.Answer<FleetEffect.PutManifest>(_ => new EffectResult.Failed());
        rig.Step(new FleetEvent.LinkChanged(IsUp: false, 1));
        rig.Step(new FleetEvent.LinkChanged(IsUp: true, 2));
        rig.Step(new FleetEvent.WatchRestarted(WatchedBucket.DesiredState, "the connection is new"));
        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        rig.Step(new FleetEvent.WatchCaughtUp(WatchedBucket.DesiredState)).ShouldContain(text => text.StartsWith("put manifest", StringComparison.Ordinal));
    }

    /// <summary>The bucket may be another one, or an older copy: a late write over the revision that is known could meet the same one there.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void NewConnection_WritesNoManifest_UntilTheBucketIsReadAgain(bool isRead)
    {
        rig.Begin([Deployment("web"), Deployment("db", "b")], [Device("pi-1")]);
        rig.Settle();
        rig.Step(new FleetEvent.LinkChanged(IsUp: false, 1));
        rig.Step(new FleetEvent.DeploymentSeen(Deleting(Deployment("db", "b"))));
        rig.Step(new FleetEvent.DeploymentSeen(Deployment("web", image: "localhost/hello:2", generation: 900)));
        rig.Open.OfType<FleetEffect.PatchFinalizers>().ShouldBeEmpty("what names it on the bus is not known");

        rig.Step(new FleetEvent.LinkChanged(IsUp: true, 2));
        rig.Settle();
        rig.Notices.OfType<FleetNotice.ManifestStored>().Count().ShouldBe(1);
        if (isRead)
        {
            rig.Step(new FleetEvent.WatchRestarted(WatchedBucket.DesiredState, "the connection is new"), new FleetEvent.WatchCaughtUp(WatchedBucket.DesiredState));
        }
        else
        {
            rig.Step(TimeSpan.FromSeconds(11));
        }

        rig.Settle();
        var all = rig.Notices.OfType<FleetNotice.ManifestStored>().ToArray();
        all.Length.ShouldBe(2);
        all[1].Step.Revision.ShouldBe(isRead ? 0UL : 101UL);
        rig.Stored.Metadata.Finalizers.ShouldBeEmpty();
    }

    [Fact]
    public void Resync_OfManifests_StaysReadyAndFindsWhatIsMissing()
    {
        rig.Begin([Deployment("web")], [Device("pi-1"), Device("pi-2")]);
        rig.Settle();
        var stored = rig.Notices.OfType<FleetNotice.ManifestStored>().GroupBy(notice => notice.Device).ToDictionary(group => group.Key.Value, group => group.Last().Step);

        rig.Step(new FleetEvent.ResyncBegan(WatchedBucket.DesiredState)).ShouldBeEmpty();
        rig.HasCaughtUp.ShouldBeTrue();
        var step = stored["pi-1"];
        rig.Step(new FleetEvent.ManifestSeen(DeviceId.Parse("pi-1"), new StoredManifest(1000, step.Digest, step.Generation), [])).ShouldBeEmpty();
        var found = rig.Step(new FleetEvent.WatchCaughtUp(WatchedBucket.DesiredState));

        found.ShouldHaveSingleItem().ShouldStartWith($"put manifest {stored["pi-2"].Generation} of pi-2 over revision 0");
    }

    [Fact]
    public void Resync_OfManifestsThatAreAsTheyWere_IsNoWork()
    {
        rig.Begin([Deployment("web")], [Device("pi-1"), Device("pi-2")]);
        rig.Settle();

        rig.Step(
            new FleetEvent.ResyncBegan(WatchedBucket.DesiredState),
            new FleetEvent.ManifestUnchanged(DeviceId.Parse("pi-1")),
            new FleetEvent.ManifestUnchanged(DeviceId.Parse("pi-2")),
            new FleetEvent.ManifestUnchanged(DeviceId.Parse("never-seen")),
            new FleetEvent.WatchCaughtUp(WatchedBucket.DesiredState)).ShouldBeEmpty();
    }

    [Fact]
    public void Resync_OfAnyBucket_StaysReady()
    {
        rig.Begin([], [Device("pi-1")]);
        rig.Settle();

        foreach (var bucket in Enum.GetValues<WatchedBucket>())
        {
            rig.Step(new FleetEvent.ResyncBegan(bucket));
            rig.HasCaughtUp.ShouldBeTrue($"{bucket}");
            rig.Progress.Phase.ShouldBe(FleetPhase.Converged);
            rig.Step(new FleetEvent.WatchCaughtUp(bucket));
            rig.HasCaughtUp.ShouldBeTrue($"{bucket}");
        }
    }

    [Fact]
    public void Resync_OfInfos_TakesNoOldOneForASignOfLife()
    {
        rig.Begin([], [Device("pi-1")]);
        var old = rig.Now;
        rig.Settle();
        rig.Step(TimeSpan.FromHours(1), new FleetEvent.ResyncBegan(WatchedBucket.DeviceInfo));

        var info = new DeviceInfo { Device = DeviceId.Parse("pi-1"), Instance = "run", CommandNonce = "n", At = old };
        rig.Step(new FleetEvent.InfoHeard(info, old), new FleetEvent.WatchCaughtUp(WatchedBucket.DeviceInfo));

        rig.Notices.ShouldNotContain(notice => notice is FleetNotice.DeviceTurned);
        rig.Step(new FleetEvent.InfoHeard(info, old));
        rig.Notices.ShouldContain(new FleetNotice.DeviceTurned(DeviceId.Parse("pi-1"), IsReachable: true));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Silence_WhileTheWatchOfHeartbeatsIsLost_SaysNothing(bool isLost)
    {
        rig.Begin([], [Device("pi-1"), Device("pi-2")]);
        rig.Step(rig.Beat("pi-1", 1));
        if (isLost)
        {
            rig.Step(new FleetEvent.WatchRestarted(WatchedBucket.DeviceHeartbeat, "lost by the test"));
        }

        rig.Step(TimeSpan.FromMinutes(5));

        rig.Notices.OfType<FleetNotice.DeviceTurned>().Count(turned => !turned.IsReachable).ShouldBe(isLost ? 0 : 1);
        rig.Step(new FleetEvent.WatchCaughtUp(WatchedBucket.DeviceHeartbeat));
        rig.Step(TimeSpan.FromMinutes(5));
        rig.Notices.OfType<FleetNotice.DeviceTurned>().Count(turned => !turned.IsReachable).ShouldBe(1);
    }

    [Fact]
    public void Deletion_LetsTheFinalizerGo_WhenEveryManifestThatNamedItIsStored()
    {
        rig.Begin([Deployment("web"), Deployment("db", "b")], [Device("pi-1"), Device("pi-2"), Device("pi-3", "b")]);
        rig.Settle();

        rig.Step(new FleetEvent.DeploymentSeen(Deleting(Deployment("web"))));
        rig.Open.OfType<FleetEffect.PutManifest>().Select(put => put.Device.Value).ShouldBe(["pi-1", "pi-2"], ignoreOrder: true);
        LetGo().ShouldBeEmpty();

        // What another device has to wait for is of no interest to this one.
        rig.Step(new FleetEvent.DeploymentSeen(Deployment("db", "b", "localhost/hello:2", 2)));
        var puts = rig.Open.OfType<FleetEffect.PutManifest>().ToArray();
        Finish(puts[0], 1000);
        LetGo().ShouldBeEmpty();
        Finish(puts[1], 1001);
        LetGo().ShouldBe(["patch finalizers of deployment default/web: []"]);
    }

    private IEnumerable<string> LetGo() => rig.Open.OfType<FleetEffect.PatchFinalizers>().Where(patch => patch.Key.Name.Value == "web").Select(patch => patch.ToString());

    private void Finish(FleetEffect.PutManifest put, ulong revision)
    {
        rig.Open.Remove(put);
        rig.Step(new FleetEvent.Finished(put, new EffectResult.ManifestPut(new StoredManifest(revision, put.Step.Digest, put.Step.Generation), IsWritten: true, [])));
    }

    private const string Plan = """
        ensure buckets (connection 1)
        patch finalizers of deployment default/web: [fleet.nationtech.io/manifests]
        update device pi-1: device-id=pi-1, group=a
        update device pi-2: device-id=pi-2, group=b
        watch buckets
        patch status of device pi-1: Reachable=Unknown (NeverSeen)
        patch status of device pi-2: Reachable=Unknown (NeverSeen)
        -- the buckets have been read
        list scores
        put manifest 3.1 of pi-2 over revision 0 (90 bytes): the first one
        put score a160e574d6e9 (88 bytes)
        put manifest 3.1 of pi-1 over revision 0 (353 bytes): the first one
        -- pi-1 gives a sign of life
        patch status of deployment default/web: 1 matched, 0 succeeded, 0 failed, 1 pending, 0 unreachable; Converged=False (Progressing), NoDevices=False (DevicesMatch)
        read device pi-1
        patch status of device pi-1: Reachable=True (HeartbeatsArrive)
        """;
}
