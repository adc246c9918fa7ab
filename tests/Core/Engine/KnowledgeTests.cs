using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Aggregation;
using Harmony.Fleet.Core.Engine;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>Of each pair it is known which version the device is given, what it said, and how far that can be relied upon.</summary>
public sealed class KnowledgeTests
{
    private EngineRig rig = new();
    private long sequence;

    [Fact]
    public void Pair_ThatTheDeviceHasSpokenOf_IsLive()
    {
        rig.Begin([Deployment("web")], [Device("pi-1")]);
        Pair().ShouldSatisfyAllConditions(
            pair => pair.Deployment.ToString().ShouldBe("default/web"), pair => pair.Said.ShouldBeNull(), pair => pair.State.ShouldBe(PairState.Unreachable), pair => pair.Knowledge.ShouldBe(Knowledge.Read));

        rig.Step(Runs("pi-1"));

        Pair().ShouldSatisfyAllConditions(
            pair => pair.Said.ShouldBe(pair.Given), pair => pair.State.ShouldBe(PairState.Succeeded), pair => pair.Knowledge.ShouldBe(Knowledge.Live));
        rig.PairsOf("pi-2").ShouldBeEmpty();
    }

    /// <summary>What lay there when the operator came may be of yesterday.</summary>
    [Fact]
    public void Pair_WhoseReportWasReadAtTheStart_IsNotLive()
    {
        rig.Step([new FleetEvent.TermBegan(3), .. Listed([Deployment("web")]), .. Listed([Device("pi-1")])]);
        rig.Step(Runs("pi-1"), new FleetEvent.WatchCaughtUp(WatchedBucket.DeviceState));

        (Pair().Said, Pair().Knowledge).ShouldBe((Pair().Given, Knowledge.Read));
    }

    [Fact]
    public void Pair_OfADeviceThatWasHeardBeforeTheWatchWasLost_IsNotLive_UntilItSpeaks()
    {
        rig.Begin([Deployment("web")], [Device("pi-1")]);
        rig.Step(Runs("pi-1"));
        rig.Step(new FleetEvent.WatchRestarted(WatchedBucket.DeviceState, "lost"));
        Pair().Knowledge.ShouldBe(Knowledge.Read);
        rig.Step(new FleetEvent.WatchCaughtUp(WatchedBucket.DeviceState));
        Pair().Knowledge.ShouldBe(Knowledge.Read);

        rig.Step(Runs("pi-1"));
        Pair().Knowledge.ShouldBe(Knowledge.Live);
    }

    /// <summary>A device puts its report again from time to time, as it was: that is no news, and a sign that it still holds.</summary>
    [Fact]
    public void Pair_OfADeviceThatSaysTheSameAgain_IsLive()
    {
        rig.Step([new FleetEvent.TermBegan(3), .. Listed([Deployment("web")]), .. Listed([Device("pi-1")])]);
        var said = Runs("pi-1");
        rig.Step(said, new FleetEvent.WatchCaughtUp(WatchedBucket.DeviceState));
        Pair().Knowledge.ShouldBe(Knowledge.Read);

        rig.Step(said);
        Pair().Knowledge.ShouldBe(Knowledge.Live);
    }

    /// <summary>All is read anew beside the watch: what was heard before counts as it did.</summary>
    [Fact]
    public void Pair_OfADeviceThatWasHeard_StaysLiveWhileAllIsReadAnew()
    {
        rig.Begin([Deployment("web")], [Device("pi-1")]);
        rig.Step(Runs("pi-1"));
        rig.Step(new FleetEvent.ResyncBegan(WatchedBucket.DeviceState));

        Pair().Knowledge.ShouldBe(Knowledge.Live);
    }

    [Fact]
    public void Pair_OfADeviceWhoseSilenceIsHeld_SaysSo()
    {
        rig.Begin([Deployment("web")], [.. Enumerable.Range(1, 20).Select(number => Device($"pi-{number}"))]);
        rig.Step([.. Enumerable.Range(1, 20).Select(number => Runs($"pi-{number}"))]);
        rig.Step(TimeSpan.FromMinutes(3));

        (Pair().State, Pair().Knowledge).ShouldBe((PairState.Succeeded, Knowledge.Held));
        rig.Step([.. Enumerable.Range(1, 20).Select(number => Runs($"pi-{number}"))]);
        Pair().Knowledge.ShouldBe(Knowledge.Live);
    }

    /// <summary>What the engine failed over was not heard.</summary>
    [Fact]
    public void Report_OverWhichTheEngineFails_DoesNotCountAsSpoken()
    {
        var chance = new Poison.Chance();
        rig = new EngineRig(random: chance);
        rig.Begin([Deployment("web")], [Device("pi-1")]);
        var said = Runs("pi-1");

        chance.IsOver = true;
        rig.Step(said);
        chance.IsOver = false;
        rig.Notices.OfType<FleetNotice.Poisoned>().ShouldHaveSingleItem().Subject.ShouldBe("report of Device pi-1");
        Pair().Knowledge.ShouldBe(Knowledge.Read);

        rig.Step(said);
        Pair().Knowledge.ShouldBe(Knowledge.Live);
    }

    private DevicePair Pair() => rig.PairsOf("pi-1").Single();

    /// <summary>It runs what it is given.</summary>
    private FleetEvent.ReportHeard Runs(string device)
    {
        var given = rig.PairsOf(device).Single();
        var at = rig.Now;
        return new FleetEvent.ReportHeard(
            new()
            {
                Device = DeviceId.Parse(device), Instance = "run", Boot = 1, Sequence = ++sequence, At = at,
                Deployments =
                [
                    new()
                    {
                        Namespace = given.Deployment.Namespace, Name = given.Deployment.Name, Uid = given.Given.Uid, ScoreDigest = given.Given.ScoreDigest, Phase = Phase.Running, Since = at,
                    },
                ],
            },
            at);
    }
}
