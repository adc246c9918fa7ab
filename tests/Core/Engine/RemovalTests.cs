using System.Collections.Immutable;
using System.Text;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>A change that takes a deployment from a large part of its devices at once is held until somebody approves it.</summary>
public sealed class RemovalTests
{
    private static readonly DeploymentKey Web = new(NamespaceName.Parse("default"), DeploymentName.Parse("web"));
    private EngineRig rig = new();
    private int approvals;

    [Theory]
    [InlineData(10, false)]
    [InlineData(11, true)]
    public void Selector_ThatMatchesNoneOfThem_IsHeldFromTheEleventhOn(int devices, bool isHeld)
    {
        Begin(devices);

        rig.Step(new FleetEvent.DeploymentSeen(Moved()));
        Settle();

        Without().Count().ShouldBe(isHeld ? 0 : devices);
        (Condition() is { Status: ConditionStatus.True }).ShouldBe(isHeld);
    }

    [Fact]
    public void SmallPartOfManyDevices_IsNotHeld()
    {
        Begin(100);
        foreach (var number in Enumerable.Range(1, 20))
        {
            rig.Step(new FleetEvent.DeviceSeen(Relabelled(number)));
        }

        Settle();
        Without().Count().ShouldBe(20);
    }

    [Fact]
    public void Held_SaysFromWhich_AndGoesOnWhenThatIsApproved()
    {
        Begin(30);
        var moved = Moved();
        rig.Step(new FleetEvent.DeploymentSeen(moved));
        Settle();
        Condition()!.Message.ShouldBe("It matches 0 devices now, and would be removed from 30 others: "
            + "pi-01, pi-02, pi-03, pi-04, pi-05, pi-06, pi-07, pi-08, pi-09, pi-10, pi-11, pi-12, pi-13, pi-14, pi-15, pi-16, pi-17, pi-18, pi-19, pi-20 and 10 more. "
            + "What stands there stays until somebody approves its removal (fleet approve deployment), or the change is taken back.");

        foreach (var wrong in (string[])["1/30/1", "2/29/1", "2//1", "2/-1/1", "2", "2/30", "2/30/", "2/30/2", "2/30/1 ", "2/30/1/1"])
        {
            Approve(moved, wrong);
            Without().ShouldBeEmpty(wrong);
        }

        Approve(moved, "2/30/1");
        Without().Count().ShouldBe(30);
        Condition().ShouldBeNull();
    }

    /// <summary>Each of twenty is named, and the words fit their number.</summary>
    [Theory]
    [InlineData(20, 0, "It matches 0 devices now, and would be removed from 20 others: ", "pi-19, pi-20. What stands")]
    [InlineData(21, 0, "It matches 0 devices now, and would be removed from 21 others: ", "pi-19, pi-20 and 1 more. What stands")]
    [InlineData(12, 1, "It matches 1 device now, and would be removed from 12 others: ", "pi-11, pi-12. What stands")]
    public void Held_NamesTwentyDevices(int devices, int matched, string begin, string end)
    {
        Begin(devices);
        rig.Step([.. Enumerable.Range(1, matched).Select(number => new FleetEvent.DeviceSeen(Device($"other-{number}", "nowhere")))]);

        rig.Step(new FleetEvent.DeploymentSeen(Moved()));
        Settle();

        Condition()!.Message.ShouldStartWith(begin);
        Condition()!.Message.ShouldContain(end);
        (Condition()!.Status, Condition()!.Reason).ShouldBe((ConditionStatus.True, "ManyDevices"));
        rig.Stored.Status!.RemovalHeldCount.ShouldBe(devices);
    }

    /// <summary>It never had it: there is nothing to hold.</summary>
    [Fact]
    public void DeviceThatIsMatchedAgainOrGone_IsHeldNoMore()
    {
        Begin(12);
        rig.Step(new FleetEvent.DeploymentSeen(Moved()));
        Settle();
        Condition()!.Message.ShouldContain("from 12 others");

        var back = Device("pi-01", "nowhere");
        rig.Step(new FleetEvent.DeviceSeen(back with { Metadata = back.Metadata with { ResourceVersion = "back" } }), new FleetEvent.DeviceGone(Device("pi-02")));
        Settle();

        Condition()!.Message.ShouldStartWith("It matches 1 device now, and would be removed from 10 others: pi-03, ");
    }

    /// <summary>A manifest of before the start may name what is deleted, or was removed and made anew since, as the store knows: that is nobody's wish to keep it.</summary>
    [Theory]
    [InlineData("uid-before", false)]
    [InlineData("uid-web", true)]
    public void Operator_ThatBegins_HoldsNothingThatIsDeletedOrOfAnother(string uid, bool isDeleting)
    {
        var web = Deployment("web", "nowhere");
        web = web with { Metadata = web.Metadata with { CreationTimestamp = rig.Now } };
        rig.Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed([isDeleting ? Deleting(web) : web]), .. Listed(Names(15).Select(name => Device(name)))]);
        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        var seen = Names(15).Select(name => (FleetEvent.ManifestSeen)Seen(name)).Select(one => one with { Entries = [one.Entries[0] with { Uid = uid }] });
        rig.Step([.. seen, .. Enum.GetValues<WatchedBucket>().Select(bucket => new FleetEvent.WatchCaughtUp(bucket))]);
        if (!isDeleting)
        {
            rig.Open.ShouldNotContain(effect => effect is FleetEffect.PutManifest, "the store is asked first");
            rig.Answer<FleetEffect.FindRemoved>(asked => new EffectResult.RemovedFound(asked.Uids));
        }

        Settle();

        Newest().Count().ShouldBe(15);
        Newest().ShouldAllBe(put => !Encoding.UTF8.GetString(put.Step.Bytes).Contains(uid, StringComparison.Ordinal));
    }

    [Fact]
    public void Held_AndTakenBack_IsAsItWas()
    {
        Begin(30);
        rig.Step(new FleetEvent.DeploymentSeen(Moved()));
        Settle();
        var written = rig.Notices.OfType<FleetNotice.ManifestStored>().Count();

        rig.Step(new FleetEvent.DeploymentSeen(Deployment("web", generation: 900)));
        Settle();

        rig.Notices.OfType<FleetNotice.ManifestStored>().Count().ShouldBe(written);
        Condition().ShouldBeNull();
    }

    /// <summary>What is to go is not given something new before.</summary>
    [Fact]
    public void Held_KeepsTheVersionThatStands()
    {
        Begin(30);
        var before = Entries("pi-01").Single().ScoreDigest;
        rig.Step(new FleetEvent.DeploymentSeen(Moved("localhost/hello:2")));
        rig.Step(new FleetEvent.DeploymentSeen(Deployment("db")));
        Settle();

        Entries("pi-01").Select(entry => entry.Name.Value).ShouldBe(["db", "web"]);
        Entries("pi-01").Single(entry => entry.Name.Value == "web").ScoreDigest.ShouldBe(before);
    }

    [Fact]
    public void Labels_ChangedOneByOne_AreHeldWhenTheyAreMany_AndCountedAnewAfterAWhile()
    {
        Begin(30);
        foreach (var number in Enumerable.Range(1, 15))
        {
            rig.Step(new FleetEvent.DeviceSeen(Relabelled(number)));
            Settle();
        }

        Without().Count().ShouldBe(10);
        Condition()!.Message.ShouldContain("5 others: pi-11, pi-12, pi-13, pi-14, pi-15.");

        rig.Step(Options.Removals.Window + TimeSpan.FromMinutes(1));
        rig.Step(new FleetEvent.DeviceSeen(Relabelled(16)));
        Settle();
        Without().Count().ShouldBe(10, "what is held stays held");
    }

    /// <summary>What was written has gone out, whether its answer has come or not: it is not given back, or its containers would end and start.</summary>
    [Fact]
    public void Held_AfterOthersWereWritten_GivesThemNothingBack()
    {
        Begin(30);
        foreach (var number in Enumerable.Range(1, 11))
        {
            rig.Step(new FleetEvent.DeviceSeen(Relabelled(number)));
        }

        Settle();

        Without().Count().ShouldBe(10);
        rig.Notices.OfType<FleetNotice.ManifestStored>().Where(put => put.Device.Value == "pi-01").Select(put => put.Step.Generation).Distinct().Count()
            .ShouldBe(2, "the one at the start, and the one without it");
        Condition()!.Message.ShouldStartWith("It matches 19 devices now, and would be removed from 1 other: pi-11.");
    }

    /// <summary>The condition that says so is taken back a moment later.</summary>
    [Fact]
    public void Held_AndOver_HoldsNotTheNextSmallOne()
    {
        Begin(30);
        rig.Step(new FleetEvent.DeploymentSeen(Moved()));
        Settle();
        var held = rig.Stored;
        rig.Step(new FleetEvent.DeploymentSeen(Deployment("web", generation: 900) with { Status = held.Status }));

        rig.Step(new FleetEvent.DeviceSeen(Relabelled(1)));
        rig.Settle();

        Without().Count().ShouldBe(1);
    }

    [Fact]
    public void Deletion_IsNotHeld()
    {
        Begin(30);
        rig.Step(new FleetEvent.DeploymentSeen(Moved()));
        Settle();

        rig.Step(new FleetEvent.DeploymentSeen(Deleting(Moved())));
        Settle();

        Without().Count().ShouldBe(30);
    }

    /// <summary>Also where the selector was changed while no operator ran.</summary>
    [Theory]
    [InlineData(11, false, true)]
    [InlineData(5, false, false)]
    [InlineData(5, true, true)]
    public void Operator_ThatBegins_HoldsWhatManifestsStillName(int devices, bool wasHeld, bool isHeld)
    {
        var held = new Condition { Type = ConditionTypes.RemovalHeld, Status = ConditionStatus.True, Reason = "ManyDevices" };
        var moved = Moved() with { Status = wasHeld ? new() { Conditions = [held] } : null };
        rig.Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed([moved]), .. Listed(Names(devices).Select(name => Device(name)))]);
        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        rig.Step([.. Names(devices).Select(Seen), .. Enum.GetValues<WatchedBucket>().Select(bucket => new FleetEvent.WatchCaughtUp(bucket))]);
        Settle();

        Without().Count().ShouldBe(isHeld ? 0 : devices);
    }

    /// <summary>What an operator gives a device names what is held as well: that the device holds this, and no more what was found, says nothing of it.</summary>
    [Fact]
    public void Operator_ThatBegins_HoldsItAlsoWhenDevicesTookWhatItGaveThem()
    {
        rig.Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed([Moved()]), .. Listed(Names(11).Select(name => Device(name)))]);
        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        rig.Step([.. Names(11).Select(Seen), .. Enum.GetValues<WatchedBucket>().Select(bucket => new FleetEvent.WatchCaughtUp(bucket))]);
        rig.Step([.. Names(11).Select(name => Took(name, 1, new Generation(2, 4), Digest.Of("found"u8)))]);
        Settle();

        for (var number = 1; number <= 3; number++)
        {
            rig.Step(new FleetEvent.DeploymentSeen(Deployment($"other-{number}")));
            Settle();
            Newest().Count().ShouldBe(11);
            Newest().ShouldAllBe(put => Encoding.UTF8.GetString(put.Step.Bytes).Contains($"uid-other-{number}", StringComparison.Ordinal));
            Without().ShouldBeEmpty();
            rig.Step([.. Newest().Select(put => Took(put.Device.Value, number + 1, put.Step.Generation, put.Step.Digest)).ToArray()]);
            Settle();
        }

        Approve(Moved(), "2/11/1");
        Without().Count().ShouldBe(11);
    }

    /// <summary>Small steps with a restart between them are a large one as well.</summary>
    [Fact]
    public void Operator_ThatBegins_CountsWhatTheOneBeforeRemovedOfLate()
    {
        Begin(40);
        rig.Step([.. Enumerable.Range(1, 10).Select(number => new FleetEvent.DeviceSeen(Relabelled(number)))]);
        Settle();
        Without().Count().ShouldBe(10);
        var (web, began) = (rig.Stored, rig.Now);
        web.Status!.RecentRemovals.ShouldNotBeNull().Count.ShouldBe(10);

        rig = new EngineRig();
        rig.Step(began - rig.Now);
        rig.Begin([web], [.. Names(40).Skip(10).Select(name => Device(name))]);
        Settle();
        rig.Step([.. Enumerable.Range(11, 8).Select(number => new FleetEvent.DeviceSeen(Relabelled(number)))]);
        Settle();
        Without().ShouldBeEmpty();
        Condition()!.Message.ShouldStartWith("It matches 22 devices now, and would be removed from 8 others: ");
    }

    [Fact]
    public void DeviceThatReportsNothingOfIt_IsNotCounted()
    {
        Begin(30);
        rig.Step([.. Names(30).Select(name => new FleetEvent.ReportHeard(
            new DeviceReport { Device = DeviceId.Parse(name), Instance = "run", Sequence = 1, At = rig.Now }, rig.Now))]);

        rig.Step(new FleetEvent.DeploymentSeen(Moved()));
        Settle();

        Without().Count().ShouldBe(30);
    }

    /// <summary>One that lost its manifest says nothing of what stands until it has read it again.</summary>
    [Fact]
    public void Held_DeviceThatLostItsManifest_KeepsIt()
    {
        Begin(30);
        rig.Step(new FleetEvent.DeploymentSeen(Moved()));
        Settle();

        rig.Step(new FleetEvent.ReportHeard(new DeviceReport { Device = DeviceId.Parse("pi-01"), Instance = "run", Sequence = 1, At = rig.Now }, rig.Now));
        Settle();

        Without().ShouldBeEmpty();
        Condition()!.Message.ShouldContain("from 30 others");
    }

    /// <summary>A store that was restored from a backup lacks a Device, and the labels that an administrator gave it.</summary>
    [Fact]
    public void DeviceMadeAnewOverItsManifest_KeepsWhatItNames_UntilThatIsApproved()
    {
        Begin(3);
        rig.Step(new FleetEvent.DeviceSeen(Device("pi-09", "unlabelled")));
        var put = rig.Open.OfType<FleetEffect.PutManifest>().ShouldHaveSingleItem();
        put.Step.Revision.ShouldBe(0UL);
        var stands = (FleetEvent.ManifestSeen)Seen("pi-09");

        rig.Open.Remove(put);
        rig.Step(new FleetEvent.Finished(put, new EffectResult.ManifestPut(stands.Stored, IsWritten: false, stands.Entries)));
        rig.Step(TimeSpan.FromSeconds(1));
        Settle();

        Without().ShouldBeEmpty();
        Condition()!.Message.ShouldStartWith("It matches 3 devices now, and would be removed from 1 other: pi-09.");
        Approve(Deployment("web"), "1/1/1");
        Without().Select(device => device.Value).ShouldBe(["pi-09"]);
    }

    private void Begin(int devices)
    {
        rig.Begin([Deployment("web")], [.. Names(devices).Select(name => Device(name))]);
        Settle();
    }

    private void Settle()
    {
        rig.Settle();
        rig.Step(TimeSpan.FromSeconds(2));
        rig.Settle();
    }

    private void Approve(Deployment moved, string value)
    {
        var annotations = moved.Metadata.Annotations.SetItem(ApiGroup.ApproveRemovalAnnotation, value);
        rig.Step(new FleetEvent.DeploymentSeen(moved with { Metadata = moved.Metadata with { Annotations = annotations, ResourceVersion = $"{++approvals * 1_000_000}" } }));
        Settle();
    }

    private static IEnumerable<string> Names(int count) => Enumerable.Range(1, count).Select(number => $"pi-{number:00}");

    private static Deployment Moved(string image = "localhost/hello:1") => Deployment("web", "nowhere", image, 2);

    private static Device Relabelled(int number)
    {
        var device = Device($"pi-{number:00}", "other");
        return device with { Metadata = device.Metadata with { ResourceVersion = "90000" } };
    }

    /// <summary>It holds this manifest, and runs what it did.</summary>
    private FleetEvent.ReportHeard Took(string device, long sequence, Generation generation, Digest digest)
    {
        var runs = new DeploymentReport { Namespace = Web.Namespace, Name = Web.Name, Uid = "uid-web", ScoreDigest = Digest.Of("score"u8), Phase = Phase.Running, Since = rig.Now };
        return new FleetEvent.ReportHeard(
            new DeviceReport { Device = DeviceId.Parse(device), Instance = "run", Sequence = sequence, At = rig.Now, ManifestGeneration = generation, ManifestDigest = digest, Deployments = [runs] }, rig.Now);
    }

    private static FleetEvent Seen(string device)
    {
        var (id, generation) = (DeviceId.Parse(device), new Generation(2, 4));
        var entry = new ManifestEntry
        {
            Namespace = Web.Namespace,
            Name = Web.Name,
            Uid = "uid-web",
            ScoreDigest = Digest.Of("score"u8),
            Address = Digest.Of("address"u8),
            Key = new byte[32],
        };
        return new FleetEvent.ManifestSeen(id, new StoredManifest(7, Digest.Of(ManifestDocument.Write(id, generation, [entry])), generation), [entry]);
    }

    /// <summary>The devices whose newest manifest does not name it.</summary>
    private IEnumerable<DeviceId> Without() => Newest().Where(put => !Encoding.UTF8.GetString(put.Step.Bytes).Contains("uid-web", StringComparison.Ordinal)).Select(put => put.Device);

    private ImmutableArray<ManifestEntry> Entries(string device) =>
        System.Text.Json.JsonSerializer.Deserialize(Newest().Single(put => put.Device.Value == device).Step.Bytes, Contracts.Json.ContractsJson.Bus.DeviceManifest)!.Entries;

    private IEnumerable<FleetNotice.ManifestStored> Newest() => rig.Notices.OfType<FleetNotice.ManifestStored>().GroupBy(put => put.Device).Select(puts => puts.Last());

    private Condition? Condition() => rig.Stored.Status?.Conditions.Of(ConditionTypes.RemovalHeld);
}
