using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>How much is under way at once, how often counts are written, and how much waits.</summary>
public sealed class DispatchTests
{
    private static readonly TimeSpan Flush = Options.FlushInterval;

    /// <summary>A slow store holds up what is written to it, and nothing else.</summary>
    [Fact]
    public void Store_HasNoMoreUnderWay_ThanItMay()
    {
        var rig = new EngineRig(Options with { StoreWrites = 2 });
        rig.Begin([], [.. Enumerable.Range(1, 5).Select(number => Device($"pi-{number}"))]);

        OnStore(rig).ShouldBe(2);
        rig.Open.OfType<FleetEffect.PutManifest>().Count().ShouldBe(5);
        rig.Answer<FleetEffect.UpdateDevice>(_ => new EffectResult.Failed());
        OnStore(rig).ShouldBe(2);
        rig.Settle();
        rig.Step(TimeSpan.FromMinutes(1));
        OnStore(rig).ShouldBeLessThanOrEqualTo(2);
        rig.Settle();
        rig.StoredDevice.Metadata.Labels.ShouldContainKey("device-id");
    }

    /// <summary>However often something happens, counts are written once in a while, and not only when it is quiet.</summary>
    [Fact]
    public void Counts_AreWritten_OnceInAFlush()
    {
        var rig = new EngineRig();
        rig.Begin([Deployment("web")], [.. Enumerable.Range(1, 30).Select(number => Device($"pi-{number}"))]);
        rig.Settle();
        rig.Step(Flush);
        rig.Settle();
        var at = new List<DateTimeOffset>();
        for (var turn = 0; turn < 30; turn++)
        {
            rig.Step(TimeSpan.FromMilliseconds(200), rig.Beat($"pi-{turn + 1}", 1));
            if (rig.Open.OfType<FleetEffect.PatchDeploymentStatus>().Any())
            {
                at.Add(rig.Now);
            }

            rig.Settle();
        }

        at.Count.ShouldBe(6);
        at.Zip(at.Skip(1), (first, second) => second - first).ShouldAllBe(pause => pause == Flush);
    }

    /// <summary>Counts that are as they are written are not written again.</summary>
    [Fact]
    public void Counts_ThatAreWritten_AreNotWrittenAgain()
    {
        var rig = new EngineRig();
        rig.Begin([Deployment("web")], [Device("pi-1")]);
        rig.Settle();
        rig.Step(Flush);
        rig.Settle();

        rig.Step(new FleetEvent.DeploymentSeen(rig.Stored with { Metadata = rig.Stored.Metadata with { ResourceVersion = "labelled" } }));

        rig.Step(Flush).ShouldBeEmpty();
    }

    /// <summary>What could be done now, were there room: of each sort of work.</summary>
    [Fact]
    public void Waiting_CountsAllSortsOfWork()
    {
        var rig = new EngineRig(Options with { BusWrites = 1, StoreWrites = 1 });
        rig.Begin([Deployment("db", "b")], [Device("pi-1"), Device("pi-2"), Device("pi-3")]);
        rig.Open.OfType<FleetEffect.PutScore>().Count().ShouldBe(1, "the place of the bus is taken");
        OnStore(rig).ShouldBe(1);
        var waiting = rig.Waiting;

        int After(params IReadOnlyList<FleetEvent> happened)
        {
            rig.Step(happened);
            var more = rig.Waiting - waiting;
            waiting = rig.Waiting;
            return more;
        }

        After(new FleetEvent.DeploymentSeen(Deployment("web", "c", "localhost/web:1"))).ShouldBe(3, "its score, its finalizer, its status");
        After(new FleetEvent.DeploymentsListed([("default", "db")], [])).ShouldBe(1, "the question whether it was removed");
        After(new FleetEvent.DeviceSeen(Device("pi-4"))).ShouldBe(2, "its resource and its manifest");
        After(new FleetEvent.DeviceSeen(Deleting(Device("pi-1")))).ShouldBe(1, "what is on the bus of it");
        After(new FleetEvent.LinkChanged(IsUp: true, 2)).ShouldBe(1, "the buckets");
    }

    /// <summary>A fault in what time brings is told, and what happens goes on.</summary>
    [Fact]
    public void Time_OverWhichTheEngineFails_IsTold_AndTheRestGoesOn()
    {
        var chance = new Poison.Chance();
        var rig = new EngineRig(random: chance);
        rig.Begin([], [Device("pi-1")]);
        rig.Settle();
        chance.IsOver = true;
        rig.Step(Options.BucketInterval, new FleetEvent.DeploymentSeen(Deployment("web")));
        chance.IsOver = false;

        rig.Notices.OfType<FleetNotice.Poisoned>().ShouldAllBe(told => told.Subject == "time");
        rig.Notices.OfType<FleetNotice.Poisoned>().ShouldNotBeEmpty();
        rig.Settle();
        rig.Notices.OfType<FleetNotice.ManifestStored>().Last().Step.Revision.ShouldBeGreaterThan(0UL);
    }

    private static int OnStore(EngineRig rig) => rig.Open.Count(effect => effect.Target == EffectTarget.Store);
}
