using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>What is made of what a device says: what is news, what is a sign of life, and what is old.</summary>
public sealed class DocumentTests
{
    private static readonly DeviceId Pi = DeviceId.Parse("pi-1");
    private readonly EngineRig rig = new();

    /// <summary>Whatever a device says, it lives.</summary>
    [Theory]
    [InlineData("info")]
    [InlineData("report")]
    [InlineData("heartbeat")]
    public void EachDocument_IsASignOfLife(string what)
    {
        Begin();

        rig.Step(what switch
        {
            "info" => rig.Info("pi-1", new(1, 1), "a"),
            "report" => rig.Report("pi-1", new(1, 1)),
            _ => rig.Beat("pi-1", new DocumentOrder(1, 1)),
        });

        rig.Notices.OfType<FleetNotice.DeviceTurned>().ShouldBe([new(Pi, IsReachable: true)]);
        rig.Settle();
        rig.StoredDevice.Status!.Conditions.Of(ConditionTypes.Reachable)!.Status.ShouldBe(ConditionStatus.True);
    }

    /// <summary>Heartbeats make no device: one that never said who it is, and has no Device, may have been removed.</summary>
    [Fact]
    public void Heartbeat_OfOneThatIsNotKnown_IsNothing()
    {
        Begin();

        rig.Step(rig.Beat("unknown", new DocumentOrder(1, 1))).ShouldBeEmpty();

        rig.Progress.Devices.ShouldBe(1);
        rig.Notices.ShouldNotContain(notice => notice is FleetNotice.Poisoned || notice is FleetNotice.DeviceTurned);
    }

    [Fact]
    public void OldReport_PutAgain_SaysNothingOfWhatStands()
    {
        Begin();
        rig.Step(rig.Report("pi-1", new(2, 5)));

        rig.Step(Refused(new(2, 4)));
        rig.Step(Refused(new(1, 9)));

        rig.Notices.ShouldNotContain(notice => notice is FleetNotice.ManifestRefused);
        rig.Notices.OfType<FleetNotice.DocumentOutdated>().ShouldBe([new(Pi, new(2, 4), new(2, 0, 5))], "the first of them");
    }

    /// <summary>Once there was news again, the next old one is told again.</summary>
    [Fact]
    public void OldDocument_IsToldOnce_UntilThereIsNews()
    {
        Begin();
        rig.Step(rig.Report("pi-1", new(2, 5)));
        rig.Step(rig.Report("pi-1", new(2, 4)), rig.Report("pi-1", new(2, 3)));
        rig.Notices.OfType<FleetNotice.DocumentOutdated>().Count().ShouldBe(1);

        rig.Step(rig.Report("pi-1", new(2, 6)), rig.Report("pi-1", new(2, 3)));

        rig.Notices.OfType<FleetNotice.DocumentOutdated>().Count().ShouldBe(2);
    }

    /// <summary>The device is heard at the same time: its Device says nothing else, so that nobody can make the operator write by putting old documents.</summary>
    [Fact]
    public void OldDocument_OfADeviceThatIsHeard_IsNotWritten()
    {
        Begin();
        rig.Step(rig.Report("pi-1", new(2, 5)));
        rig.Settle();

        rig.Step(rig.Report("pi-1", new(2, 4))).ShouldBeEmpty();

        rig.Settle().ShouldBeEmpty();
    }

    [Fact]
    public void OldDocument_OfADeviceThatIsSilent_IsWrittenAtOnce()
    {
        Begin();
        rig.Step(rig.Report("pi-1", new(2, 5)));
        rig.Step(TimeSpan.FromMinutes(5));
        rig.Settle();
        rig.StoredDevice.Status!.Conditions.Of(ConditionTypes.Reachable)!.Reason.ShouldBe("HeartbeatsMissed");

        rig.Step(rig.Report("pi-1", new(2, 4)));
        rig.Settle();

        rig.StoredDevice.Status!.Conditions.Of(ConditionTypes.Reachable)!.Reason.ShouldBe("DocumentsOutdated");
    }

    /// <summary>What has lain in a bucket is read after a start, and nobody put it again.</summary>
    [Theory]
    [InlineData(90, true)]
    [InlineData(91, false)]
    public void OldDocument_ThatHasLainThere_IsNotTold(int seconds, bool isTold)
    {
        rig.Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed([Device("pi-1") with { Status = new() { Taken = new(5, 1, 1) } }])]);

        rig.Step(new FleetEvent.ReportHeard(((FleetEvent.ReportHeard)rig.Report("pi-1", new(4, 1))).Report, rig.Now.AddSeconds(-seconds)));

        rig.Notices.OfType<FleetNotice.DocumentOutdated>().Count().ShouldBe(isTold ? 1 : 0);
    }

    /// <summary>It came first, and counts whole once the Device is there: also what it says of what it did not take.</summary>
    [Fact]
    public void ReportThatCameBeforeTheDevice_SaysWhatWasNotTaken()
    {
        rig.Begin([], []);
        rig.Step(Refused(new(1, 1)));
        rig.Notices.ShouldNotContain(notice => notice is FleetNotice.ManifestRefused);

        rig.Step(new FleetEvent.DeviceSeen(Device("pi-1")));
        rig.Settle();

        rig.Notices.OfType<FleetNotice.ManifestRefused>().Count().ShouldBe(1);
        rig.StoredDevice.Status!.Conditions.Of(ConditionTypes.ManifestRefused)!.Reason.ShouldBe("TooNew");
    }

    /// <summary>The store knows of a later start: what came before the Device was there is old.</summary>
    [Fact]
    public void DocumentsThatCameBeforeTheDevice_AndAreOlderThanItKnows_SayNothing()
    {
        rig.Begin([], []);
        rig.Step(Refused(new(4, 1)), rig.Info("pi-1", new(4, 2), "b"));

        rig.Answer<FleetEffect.CreateDevice>(_ => new EffectResult.DeviceStored(Device("pi-1") with { Status = new() { AgentVersion = "7", Taken = new(5, 1, 1) } }));
        rig.Settle();

        rig.Notices.ShouldNotContain(notice => notice is FleetNotice.ManifestRefused);
        rig.StoredDevice.Metadata.Labels["group"].ShouldBe("a");
        rig.StoredDevice.Status!.AgentVersion.ShouldBe("7");
        rig.StoredDevice.Status.Conditions.Of(ConditionTypes.ManifestRefused).ShouldBeNull();
    }

    /// <summary>An item that says nothing takes the others with it for no reason.</summary>
    [Fact]
    public void Report_WithAnEmptyItem_CountsWithoutIt()
    {
        rig.Begin([Deployment("web")], [Device("pi-1")]);
        rig.Settle();
        var address = System.Text.Json.JsonSerializer.Deserialize(rig.Notices.OfType<FleetNotice.ManifestStored>().Last().Step.Bytes, Contracts.Json.ContractsJson.Bus.DeviceManifest)!.Entries.Single();
        var said = new DeploymentReport { Namespace = address.Namespace, Name = address.Name, Uid = address.Uid, ScoreDigest = address.ScoreDigest, Phase = Phase.Running };
        var report = ((FleetEvent.ReportHeard)rig.Report("pi-1", new(1, 1))).Report;

        rig.Step(new FleetEvent.ReportHeard(report with { Deployments = [null!, said] }, rig.Now));
        rig.Step(TimeSpan.FromSeconds(2));
        rig.Settle();

        rig.Notices.ShouldNotContain(notice => notice is FleetNotice.Poisoned);
        rig.Stored.Status!.Aggregate.Succeeded.ShouldBe(1);
    }

    /// <summary>A device says itself what it is made of: somebody who changed that by hand is told by what comes next, and not by what came before.</summary>
    [Fact]
    public void SameInfoAgain_IsNoWork()
    {
        Begin();
        var info = rig.Info("pi-1", new(1, 1), "b");
        rig.Step(info).ShouldContain("keep contact of pi-1");
        rig.Settle();

        rig.Step(info).ShouldBeEmpty();

        rig.Open.OfType<FleetEffect.OnStore>().ShouldBeEmpty();
    }

    private void Begin()
    {
        rig.Begin([], [Device("pi-1")]);
        rig.Settle();
    }

    private FleetEvent.ReportHeard Refused(DocumentOrder order) => new(
        ((FleetEvent.ReportHeard)rig.Report("pi-1", order)).Report with { Refusal = new() { Reason = RefusalReason.TooNew, Message = "of a later version", At = rig.Now } }, rig.Now);
}
