using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>What is held stays held, and nothing else is, over an operator that begins and a bus that is older, or lost.</summary>
public sealed class HeldOverLossTests : LossScenario
{
    /// <summary>A removal was held when the operator began, and was approved since. One device says for ever that it runs the deployment by a manifest of its own.</summary>
    [Fact]
    public void OneDeviceThatClaimsWhatWasHeldOnce_HoldsUpNoOther()
    {
        var held = new Condition { Type = ConditionTypes.RemovalHeld, Status = ConditionStatus.True, Reason = "ManyDevices" };
        var web = Deployment("web") with { Status = new() { RemovalHeldCount = 1, RemovalHold = 1, Conditions = [held] } };
        Restart(Rig.Now, [web], [.. Names(20).Select(name => Device(name)), Device("pi-99", "other")], [.. Names(20).Select(name => Seen(name, Present()))]);
        Condition().ShouldBeNull("nothing waits");

        Rig.Step(Holds("pi-99", 20, new Generation(9, 9), Present()));
        Settle();
        Relabel(2, 1);

        Without().Select(device => device.Value).ShouldContain("pi-02", "one device was relabelled, which is never held");
    }

    /// <summary>Eight were removed, eight more are held. The next operator has stricter rules, by which the Deployment is invalid.</summary>
    [Theory]
    [InlineData("localhost/hello:1")]
    [InlineData("Not An Image")]
    public void HeldAndInvalid_StaysHeldWhenTheOperatorBegins(string image)
    {
        var held = new Condition { Type = ConditionTypes.RemovalHeld, Status = ConditionStatus.True, Reason = "ManyDevices" };
        var web = Deployment("web", image: image) with { Status = new() { RemovalHeldCount = 8, RemovalHold = 1, Conditions = [held] } };
        Rig.Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed([web]), .. Listed(Names(30).Select(name => Device(name, Number(DeviceId.Parse(name)) <= 8 ? "other" : "a")))]);
        Rig.Settle();
        Rig.Step(TimeSpan.FromSeconds(2));
        Rig.Settle();
        Rig.Step([.. Names(30).Select(name => Seen(name, Present(image: image))), .. CaughtUp()]);
        Settle();

        Without().ShouldBeEmpty("nobody approved that it goes from eight devices");
        Condition().ShouldNotBeNull();
    }

    /// <summary>Eight are held. The next operator can make nothing of the Deployment; somebody puts it right as it was.</summary>
    [Fact]
    public void HeldAndOfNoUse_AndPutRight_StaysHeld()
    {
        var held = new Condition { Type = ConditionTypes.RemovalHeld, Status = ConditionStatus.True, Reason = "ManyDevices" };
        var status = new DeploymentStatus { RemovalHeldCount = 8, RemovalHold = 1, Conditions = [held] };
        var unusable = Deployment("web") with { Spec = new() { TargetSelector = Deployment("web").Spec.TargetSelector }, Status = status };
        Restart(Rig.Now, [unusable], [.. Names(30).Select(name => Device(name, Number(DeviceId.Parse(name)) <= 8 ? "other" : "a"))], [.. Names(30).Select(name => Seen(name, Present()))]);
        Without().ShouldBeEmpty();
        Rig.Step(new FleetEvent.DeploymentSeen(Deployment("web", generation: 2) with { Status = Rig.Stored?.Status ?? status }));
        Settle();

        Without().ShouldBeEmpty("nobody approved that it goes from eight devices");
    }

    /// <summary>The bus lost the reports of its last two minutes, and not the manifests. Before the devices report again, a selector is wrong by a letter.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ReportsAreOlderThanManifests_AndASelectorIsWrong_IsHeld(bool isReportRead)
    {
        Restart(Rig.Now, [Deployment("web")], [.. Names(30).Select(name => Spoken(name))], [.. Names(30).Select(name => Seen(name, Present())), .. isReportRead ? Names(30).Select(name => Nothing(name, 2, new Generation(2, 3))) : []]);

        Rig.Step(new FleetEvent.DeploymentSeen(Moved()));
        Settle();

        Without().ShouldBeEmpty("the manifests of 30 devices name it");
    }

    /// <summary>It is invalid by the rules of this version, and carried out as before: nothing is counted before all is known.</summary>
    [Fact]
    public void InvalidOne_IsToldNoCountsOfAPart()
    {
        var web = Deployment("web", image: "Not An Image") with { Status = new() { ObservedGeneration = 1, Aggregate = new() { MatchedDeviceCount = 30, Succeeded = 30 } } };
        Rig.Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed([web])]);
        Rig.Settle();
        Rig.Step(TimeSpan.FromSeconds(2));
        Rig.Settle();

        (Rig.Stored?.Status?.Aggregate.MatchedDeviceCount ?? 30).ShouldBe(30, "no device is known yet");
    }

    /// <summary>The power goes: manifests and reports are of two minutes before, when the Deployment was not there yet. Another one is changed before the devices report again.</summary>
    [Fact]
    public void Held_AndBusIsOlder_AndAnotherOneIsChangedBeforeDevicesReport_StaysHeld()
    {
        var held = new Condition { Type = ConditionTypes.RemovalHeld, Status = ConditionStatus.True, Reason = "ManyDevices" };
        var moved = Moved() with { Status = new() { RemovalHeldCount = 30, RemovalHold = 1, Conditions = [held] } };
        var db = Present("db");
        Restart(Rig.Now, [moved, Deployment("db")], [.. Names(30).Select(name => Device(name) with { Status = new() { Taken = new(5, 1, 8) } })], [.. Names(30).Select(name => Seen(name, db)), .. Names(30).Select(name => Holds(name, 6, new Generation(2, 4), db))]);
        Rig.Step(new FleetEvent.DeploymentSeen(Deployment("db", image: "localhost/hello:2", generation: 2)));
        Settle();
        Rig.Step([.. Names(30).Select(name => Says(name, 9, new Generation(2, 5), db, Present()))]);
        Settle();

        Without().ShouldBeEmpty("nobody approved that it goes from 30 devices");
    }

    /// <summary>Twelve were approved, and the operator is replaced: the last writes of the one before land while the next one reads the bucket.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ApprovedAndWrittenWhileTheNextOperatorReads_DoesNotComeBack(bool isRead)
    {
        var web = WithApproval(Deployment("web"), "1/12/1") with { Status = new() { RemovalHold = 1, RecentRemovals = new() { Count = 12, At = Rig.Now } } };
        var devices = Enumerable.Range(1, 40).Select(number => number <= 12 ? Relabelled(number) : Device(Name(number))).ToArray();
        var written = Names(12).Select(name => (FleetEvent)new FleetEvent.ManifestSeen(
            DeviceId.Parse(name), new StoredManifest(900, Digest.Of(ManifestDocument.Write(DeviceId.Parse(name), new Generation(2, 5), [])), new Generation(2, 5)), [])).ToArray();
        Restart(Rig.Now, [web], devices, [.. Names(40).Where(name => isRead || Number(DeviceId.Parse(name)) > 12).Select(name => Seen(name, Present())), .. written]);

        Newest().Where(put => Number(put.Device) <= 12).Select(put => put.Device.Value).ShouldBeEmpty("what is stored for them is right");
        Condition()?.Message.ShouldBeNull();
    }

    /// <summary>It has no place on full devices, so that no manifest names it. A change of its selector removes it from none.</summary>
    [Fact]
    public void WithoutAPlace_AndASelectorIsChanged_TakesNoPlaceOfAnother()
    {
        var others = Enumerable.Range(1, WireLimits.MaxDeploymentsPerDevice).Select(number => Aged(Deployment($"d-{number}"), number)).ToArray();
        Rig = new EngineRig(Options with { MaxVisits = int.MaxValue, MaxDecisions = int.MaxValue });
        Rig.Begin([.. others, Aged(Deployment("web"), 100)], [.. Names(30).Select(name => Device(name))]);
        Settle();
        Without().Count().ShouldBe(30);
        Rig.Notices.Clear();
        Rig.Step(new FleetEvent.DeploymentSeen(Aged(Moved(), 100)));
        Settle();

        Rig.Step(new FleetEvent.DeploymentSeen(Aged(Deployment("d-1", image: "localhost/hello:2", generation: 2), 1)));
        Settle();

        Newest().Where(put => Read(put).Any(entry => entry.Name.Value == "web")).Select(put => put.Device.Value).ShouldBeEmpty("no manifest named it");
        Newest().Where(put => Read(put).Count(entry => entry.Name.Value != "web") < WireLimits.MaxDeploymentsPerDevice).Select(put => put.Device.Value).ShouldBeEmpty("another one lost its place");
        Condition()?.Message.ShouldBeNull();
    }

    /// <summary>While the next operator reads, the one before writes a newer version for devices on which the removal is held.</summary>
    [Fact]
    public void HeldAndWrittenWhileTheNextOperatorReads_KeepsTheNewerVersion()
    {
        var held = new Condition { Type = ConditionTypes.RemovalHeld, Status = ConditionStatus.True, Reason = "ManyDevices" };
        var (before, newer) = (Present(), Present(image: "localhost/hello:2"));
        var moved = Deployment("web", "nowhere", "localhost/hello:2", 3) with { Status = new() { RemovalHeldCount = 30, RemovalHold = 1, Conditions = [held] } };
        var written = Names(30).Select(name => (FleetEvent)new FleetEvent.ManifestSeen(
            DeviceId.Parse(name), new StoredManifest(900, Digest.Of(ManifestDocument.Write(DeviceId.Parse(name), new Generation(2, 5), [newer])), new Generation(2, 5)), [newer])).ToArray();
        Restart(Rig.Now, [moved], [.. Names(30).Select(name => Device(name))], [.. Names(30).Select(name => Seen(name, before)), .. written]);
        Rig.Step([.. Names(30).Select(name => ((FleetEvent.ReportHeard)Holds(name, 3, new Generation(2, 5), newer)).Report with
        {
            ManifestDigest = Digest.Of(ManifestDocument.Write(DeviceId.Parse(name), new Generation(2, 5), [newer])),
        }).Select(report => new FleetEvent.ReportHeard(report, Rig.Now))]);
        Settle();

        Newest().Where(put => Read(put).Any(entry => entry.Address == before.Address)).Select(put => put.Device.Value).ShouldBeEmpty("they would go back to the version before");
        Without().ShouldBeEmpty();
    }

    /// <summary>A removal is held; NATS and the operator are lost together, and the operator begins once more before the devices have reported, which takes them up to twelve minutes.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Held_AndBusLost_AndOperatorRestartedBeforeDevicesReport_StaysHeld(int restarts)
    {
        var held = new Condition { Type = ConditionTypes.RemovalHeld, Status = ConditionStatus.True, Reason = "ManyDevices" };
        var stored = Moved() with { Status = new() { RemovalHeldCount = 30, RemovalHold = 1, Conditions = [held] } };
        Device[] devices = [.. Names(30).Select(name => Device(name) with { Status = new() { Taken = new(5, 1, 1) } })];
        for (var restart = 0; restart < restarts; restart++)
        {
            Restart(Rig.Now, [stored], devices, []);
            stored = Rig.Stored ?? stored;
        }

        foreach (var name in Names(30))
        {
            Rig.Step(Holds(name, 9, new Generation(2, 9), Present()));
            Settle();
        }

        Without().ShouldBeEmpty("nobody approved that it goes from 30 devices");
    }
}
