using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Engine;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>How far the operator is, and that nobody is told counts of a part.</summary>
public sealed class ProgressTests
{
    private readonly EngineRig rig = new();

    [Fact]
    public void FromTheStart_RecoversStepByStep_UntilAllIsAsWanted()
    {
        var told = new List<string> { $"{rig.Progress}" };
        void Say(params FleetEvent[] happened)
        {
            rig.Step(happened);
            told.Add($"{rig.Progress}");
        }

        Say(new FleetEvent.TermBegan(3));
        Say(new FleetEvent.LinkChanged(IsUp: true, 1));
        Say([.. Listed([Deployment("web")])]);
        Say([.. Listed(Enumerable.Range(1, 4).Select(number => Device($"pi-{number}")))]);
        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        told.Add($"{rig.Progress}");
        Say(new FleetEvent.WatchCaughtUp(WatchedBucket.DesiredState));
        Say(new FleetEvent.WatchCaughtUp(WatchedBucket.DeviceState));
        Say(new FleetEvent.WatchCaughtUp(WatchedBucket.DeviceInfo));
        rig.Answer<FleetEffect.ListScores>(_ => new EffectResult.ScoresListed([]));
        rig.Answer<FleetEffect.PutScore>(_ => new EffectResult.Done());
        foreach (var put in rig.Open.OfType<FleetEffect.PutManifest>().ToArray())
        {
            rig.Open.Remove(put);
            Say(new FleetEvent.Finished(put, new EffectResult.ManifestPut(new StoredManifest(9, put.Step.Digest, put.Step.Generation), IsWritten: true, [])));
        }

        told.ShouldBe(["recovering 0 %", "recovering 7 %", "recovering 7 %", "recovering 14 %", "recovering 21 %", "recovering 28 %", "recovering 35 %",
            "recovering 42 %", "recovering 50 %", "recovering 62 %", "recovering 75 %", "recovering 87 %", "converged"]);
    }

    [Fact]
    public void Change_Afterwards_IsNoRecovery_AndALostLinkIs()
    {
        rig.Begin([Deployment("web")], [Device("pi-1"), Device("pi-2")]);
        rig.Settle();
        rig.Progress.Phase.ShouldBe(FleetPhase.Converged);

        rig.Step(new FleetEvent.DeploymentSeen(Deployment("web", image: "localhost/hello:2", generation: 900)));
        $"{rig.Progress}".ShouldBe("converging 0 %");
        rig.Settle();
        $"{rig.Progress}".ShouldBe("converged");

        rig.Step(new FleetEvent.LinkChanged(IsUp: false, 1));
        $"{rig.Progress}".ShouldBe("recovering 42 %");
    }

    [Fact]
    public void DeviceThatGoes_IsWaitedForNoMore()
    {
        rig.Begin([Deployment("web")], [Device("pi-1"), Device("pi-2")]);
        rig.Progress.Unsettled.ShouldBe(2);

        rig.Step(new FleetEvent.DeviceGone(Device("pi-1")));
        rig.Progress.Unsettled.ShouldBe(1);
        rig.Step(new FleetEvent.DeviceSeen(Deleting(Device("pi-2"))));
        rig.Progress.Unsettled.ShouldBe(1, "its keys are on the bus");
        rig.Settle();
        rig.Progress.Unsettled.ShouldBe(0);
    }

    /// <summary>Such a fleet was told to be converged, and nothing said that a device was given nothing yet.</summary>
    [Theory]
    [InlineData("reports")]
    [InlineData("goes")]
    [InlineData("is deleted")]
    public void DeviceWhoseReportIsAwaited_IsCounted_AndTheFleetIsConverged(string then)
    {
        rig.Begin([Deployment("web")], [Device("pi-1")]);
        rig.Settle();
        rig.Progress.Awaiting.ShouldBe(0);
        rig.Step(new FleetEvent.DeviceSeen(Device("pi-2")), rig.Info("pi-2", new(5, 1), "a"));
        rig.Settle();

        (rig.Progress.Phase, rig.Progress.Unsettled, rig.Progress.Awaiting).ShouldBe((FleetPhase.Converged, 0, 1));

        rig.Step(then switch
        {
            "reports" => rig.Report("pi-2", new(5, 2)),
            "goes" => new FleetEvent.DeviceGone(Device("pi-2")),
            _ => new FleetEvent.DeviceSeen(Deleting(Device("pi-2"))),
        });
        rig.Settle();
        rig.Progress.Awaiting.ShouldBe(0);
    }

    /// <summary>Right after a start the devices, or what they said, are not known yet: no status is written from that.</summary>
    [Fact]
    public void Status_BeforeAllIsKnown_StaysAsItIs()
    {
        var counted = Deployment("web") with { Status = new() { ObservedGeneration = 1, Aggregate = new() { MatchedDeviceCount = 2, Succeeded = 2 } } };
        rig.Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed([counted])]);
        rig.Step(TimeSpan.FromSeconds(5));
        rig.Step(TimeSpan.FromSeconds(5), [.. Listed([Device("pi-1"), Device("pi-2")])]);
        rig.Open.OfType<FleetEffect.PatchDeploymentStatus>().ShouldBeEmpty();

        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        rig.Step([.. Enum.GetValues<WatchedBucket>().Select(bucket => new FleetEvent.WatchCaughtUp(bucket))]);
        rig.Step(TimeSpan.FromSeconds(5));
        rig.Open.OfType<FleetEffect.PatchDeploymentStatus>().ShouldHaveSingleItem();
    }
}
