using System.Collections.Immutable;
using System.Text;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>No fault takes a deployment from devices: not a store or a bus that was lost or is an older copy, nor an operator that begins.</summary>
public sealed class RemovalByFaultTests : LossScenario
{
    /// <summary>Of no use to this version, so that it stays; then put right, with a selector that is wrong by a letter.</summary>
    [Fact]
    public void Unusable_AndPutRightWithAnotherSelector_IsHeld()
    {
        var unusable = Deployment("web") with { Spec = new() { TargetSelector = Deployment("web").Spec.TargetSelector } };
        Rig.Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed([unusable]), .. Listed(Names(30).Select(name => Device(name)))]);
        Rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        Rig.Step([.. Names(30).Select(name => Seen(name, Present())), .. CaughtUp()]);
        Settle();
        Without().ShouldBeEmpty();

        Rig.Step(new FleetEvent.DeploymentSeen(Moved()));
        Settle();

        Without().ShouldBeEmpty("a selector was changed, and 30 devices would lose it");
    }

    /// <summary>NATS and the operator are lost together while a removal is held: the devices say what they run, in the very version that is wanted.</summary>
    [Theory]
    [InlineData("lost")]
    [InlineData("older, without it")]
    public void Held_AndBusAndOperatorAreLost_StaysHeld(string bus)
    {
        var present = Present();
        BeginHeld(30, bus == "lost" ? [] : [.. Names(30).Select(name => Seen(name, Present("db")))], [.. Names(30).Select(name => Holds(name, 9, new Generation(2, 9), present))]);

        Without().ShouldBeEmpty("nobody approved that it goes from 30 devices");
    }

    /// <summary>The devices run a version that is neither wanted nor named by any manifest: there is nothing that they could be given to keep it.</summary>
    [Theory]
    [InlineData("lost")]
    [InlineData("older, without it")]
    [InlineData("older, with one before")]
    public void Held_InAVersionThatIsNotKnown_AndBusAndOperatorAreLost_IsGivenNothing_UntilItIsApproved(string bus)
    {
        var runs = Present() with { ScoreDigest = Digest.Of("a version in between"u8) };
        var held = new Condition { Type = ConditionTypes.RemovalHeld, Status = ConditionStatus.True, Reason = "ManyDevices" };
        FleetEvent[] seen = bus == "lost" ? [] : [.. Names(30).Select(name => Seen(name, bus == "older, without it" ? Present("db") : Present()))];
        var moved = Moved("localhost/hello:2") with { Status = new() { ObservedGeneration = 2, RemovalHeldCount = 30, RemovalHold = 7, Conditions = [held] } };
        Begin(moved, 30, seen, [.. Names(30).Select(name => Holds(name, 9, new Generation(2, 9), runs))]);

        Newest().ShouldBeEmpty();
        Condition().ShouldNotBeNull().Message.ShouldContain("from 30 others");
        Rig.DeviceOf("pi-07").Status!.Conditions.Of(ConditionTypes.IntentLost)!.Reason.ShouldBe("VersionUnknown");
        Rig.Progress.ToString().ShouldBe("converged");

        Rig.Step(Holds("pi-07", 10, new Generation(2, 9), Present("db")));
        Settle();
        Newest().ShouldBeEmpty("nothing says that it is gone: it may have lost what it held");

        var stored = Rig.DeploymentOf("web")!;
        stored.Status!.RemovalHold.ShouldBe(7);
        Rig.Step(new FleetEvent.DeploymentSeen(stored with { Metadata = stored.Metadata with { ResourceVersion = "900000", Annotations = stored.Metadata.Annotations.SetItem(ApiGroup.ApproveRemovalAnnotation, "2/30/7") } }));
        Settle();
        Without().Count().ShouldBe(30);
    }

    /// <summary>What a device says of a version that nobody knows holds nothing where few would lose it: it may say anything.</summary>
    [Fact]
    public void FewDevicesThatSayThatTheyRunAnUnknownVersion_AreGivenWhatTheyAreToHave()
    {
        var runs = Present() with { ScoreDigest = Digest.Of("a version in between"u8) };
        Begin(Moved("localhost/hello:2"), 5, [], [.. Names(5).Select(name => Holds(name, 9, new Generation(2, 9), runs))]);

        Without().Count().ShouldBe(5);
        Condition().ShouldBeNull();
    }

    /// <summary>And the operator begins once more before the devices have spoken: the status says by then that nothing is held.</summary>
    [Theory]
    [InlineData(null, 0)]
    [InlineData("2/30/6", 0)]
    [InlineData("2/30/7", 5)]
    public void Held_AndBusAndOperatorAreLost_AndTheNextOneIsAsWell_StaysHeldUnlessItWasApproved(string? approved, int goesFrom)
    {
        BeginHeld(30, [], []);
        Condition().ShouldBeNull("no device has said that it runs it");
        var stored = Rig.DeploymentOf("web")!;
        stored.Status!.RemovalHold.ShouldBe(7);

        Rig = new EngineRig();
        var annotations = approved is null ? stored.Metadata.Annotations : stored.Metadata.Annotations.SetItem(ApiGroup.ApproveRemovalAnnotation, approved);
        Begin(stored with { Metadata = stored.Metadata with { Annotations = annotations } }, 30, [], []);
        var present = Present();
        Rig.Step([.. Names(5).Select(name => Holds(name, 9, new Generation(2, 9), present))]);
        Settle();

        Without().Count().ShouldBe(goesFrom);
    }

    /// <summary>The power goes: the bus loses the manifests of its last two minutes, and devices hold newer ones. They run just what was found.</summary>
    [Fact]
    public void Held_AndBusLostItsLastTwoMinutes_StaysHeld()
    {
        var present = Present();
        BeginHeld(30, [.. Names(30).Select(name => Seen(name, present))], [.. Names(30).Select(name => Holds(name, 9, new Generation(2, 5), present))]);

        Without().ShouldBeEmpty("nobody approved that it goes from 30 devices");
    }

    /// <summary>The store lost a Device with its labels. Which bucket is read first is chance.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void DeviceLostFromTheStore_KeepsWhatItsManifestNames_WhicheverIsReadFirst(bool isInfoFirst)
    {
        Rig.Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed([Deployment("web")]), .. Listed(Names(3).Select(name => Device(name)))]);
        Rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        var (info, seen) = (Rig.Info("pi-09", new(5, 1), "unlabelled"), Seen("pi-09", Present()));
        if (!isInfoFirst)
        {
            Rig.Step(seen);
        }

        Rig.Step(info, Holds("pi-09", 2, new Generation(2, 4), Present(), boot: 5));
        Rig.Answer<FleetEffect.CreateDevice>(create => new EffectResult.DeviceStored(create.Resource with { Metadata = create.Resource.Metadata with { Uid = "uid-anew", ResourceVersion = "50", Generation = 1 } }));
        if (isInfoFirst)
        {
            Rig.Step(seen);
        }

        Rig.Step(CaughtUp());
        if (!isInfoFirst && Rig.Open.OfType<FleetEffect.PutManifest>().SingleOrDefault(put => put.Device.Value == "pi-09") is { } put)
        {
            put.Step.Revision.ShouldBe(0UL);
            Rig.Open.Remove(put);
            var stands = seen;
            Rig.Step(new FleetEvent.Finished(put, new EffectResult.ManifestPut(stands.Stored, IsWritten: false, stands.Entries)));
            Rig.Step(TimeSpan.FromSeconds(1));
        }

        Settle();
        Without().Select(device => device.Value).ShouldBeEmpty();
        Condition().ShouldNotBeNull().Message.ShouldContain("pi-09");
    }

    /// <summary>The same, and the connection breaks between the Device and its first report.</summary>
    [Fact]
    public void DeviceLostFromTheStore_AndTheWatchBeginsAgainBeforeItReports_KeepsWhatItsManifestNames()
    {
        Rig.Begin([Deployment("web")], [.. Names(3).Select(name => Device(name))]);
        Settle();
        Rig.Step(Rig.Info("pi-09", new(5, 1), "unlabelled"));
        Rig.Answer<FleetEffect.CreateDevice>(create => new EffectResult.DeviceStored(create.Resource with { Metadata = create.Resource.Metadata with { Uid = "uid-anew", ResourceVersion = "50", Generation = 1 } }));
        Rig.Step(new FleetEvent.WatchRestarted(WatchedBucket.DesiredState, "test"), Seen("pi-09", Present()), new FleetEvent.WatchCaughtUp(WatchedBucket.DesiredState));
        Rig.Step(Holds("pi-09", 2, new Generation(2, 4), Present(), boot: 5));
        Settle();

        Newest().Where(put => put.Device.Value == "pi-09").ShouldAllBe(put => Encoding.UTF8.GetString(put.Step.Bytes).Contains("uid-web", StringComparison.Ordinal));
        Condition().ShouldNotBeNull().Message.ShouldContain("pi-09");
    }

    /// <summary>What devices are is read last: until then a manifest would be decided by the labels of before.</summary>
    [Fact]
    public void OperatorThatBegins_RemovesNothing_BeforeItHasReadWhoTheDevicesSayTheyAre()
    {
        var late = Plain("pi-09") with { Status = new() { ReportedLabels = Labels("a"), Taken = new(5, 1, 1) } };
        var db = Present("db", "b");
        Rig.Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed([Deployment("web"), Deployment("db", "b")]), .. Listed([Device("pi-01"), late])]);
        Rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        Rig.Step(Seen("pi-09", db), Holds("pi-09", 3, new Generation(2, 4), db, boot: 5), new FleetEvent.WatchCaughtUp(WatchedBucket.DesiredState), new FleetEvent.WatchCaughtUp(WatchedBucket.DeviceState));
        Rig.Settle();
        Rig.Step(Rig.Info("pi-09", new(5, 2), "b"), new FleetEvent.WatchCaughtUp(WatchedBucket.DeviceInfo), new FleetEvent.WatchCaughtUp(WatchedBucket.DeviceHeartbeat));
        Settle();

        var all = Rig.Notices.OfType<FleetNotice.ManifestStored>().Where(put => put.Device.Value == "pi-09").Select(put => string.Join(",", Read(put).Select(entry => entry.Name.Value))).ToArray();
        all.ShouldNotContain("web", "it says that it is of group b, and its manifest was right: " + string.Join(" then ", all));
    }

    /// <summary>
    /// The backup is of term 2, the operator was restarted once after it (term 3), then the backup was put back: the next start has term 3 again. What the Device that the
    /// backup lacks has was written in a term of that number.
    /// </summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void DeviceLostFromARestoredStore_KeepsWhatItsManifestNames_WhateverItsTerm(long term)
    {
        Rig.Begin([Deployment("web")], [.. Names(3).Select(name => Device(name))]);
        Settle();
        Rig.Step(new FleetEvent.DeviceSeen(Device("pi-09", "unlabelled")));
        var put = Rig.Open.OfType<FleetEffect.PutManifest>().ShouldHaveSingleItem();
        var stands = Seen("pi-09", Present(), term);
        Rig.Open.Remove(put);
        Rig.Step(new FleetEvent.Finished(put, new EffectResult.ManifestPut(stands.Stored, IsWritten: false, stands.Entries)));
        Rig.Step(TimeSpan.FromSeconds(1));
        Settle();

        Without().ShouldBeEmpty();
        Condition().ShouldNotBeNull().Message.ShouldContain("pi-09");
    }

    /// <summary>A device's labels changed, and its deployment was changed as well, while the operator was away: what is held is the version that the manifest names.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Held_KeepsTheVersionOfTheManifest_WhicheverIsReadFirst(bool isInfoFirst)
    {
        var held = new Condition { Type = ConditionTypes.RemovalHeld, Status = ConditionStatus.True, Reason = "ManyDevices" };
        var (old, web) = (Present(), Deployment("web", image: "localhost/hello:2", generation: 2) with { Status = new() { Conditions = [held] } });
        var late = Plain("pi-09") with { Status = new() { ReportedLabels = Labels("a"), Taken = new(5, 1, 1) } };
        Rig.Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed([web, Deployment("extra", "b")]), .. Listed([Device("pi-01"), late])]);
        Rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        var (info, seen) = (Rig.Info("pi-09", new(5, 2), "b"), Seen("pi-09", old));
        Rig.Step(isInfoFirst ? [info, seen] : [seen, info]);
        Rig.Step([Holds("pi-09", 3, new Generation(2, 4), old), .. CaughtUp()]);
        Settle();
        Rig.Step(Holds("pi-09", 4, new Generation(2, 4), old));
        Settle();

        var given = Read(Newest().Single(put => put.Device.Value == "pi-09"));
        given.Select(entry => entry.Name.Value).ShouldBe(["extra", "web"]);
        given[1].ScoreDigest.ShouldBe(old.ScoreDigest);
    }

    private void BeginHeld(int devices, FleetEvent[] seen, FleetEvent[] said)
    {
        var held = new Condition { Type = ConditionTypes.RemovalHeld, Status = ConditionStatus.True, Reason = "ManyDevices" };
        Begin(Moved() with { Status = new() { RemovalHeldCount = devices, RemovalHold = 7, Conditions = [held] } }, devices, seen, said);
    }

    private void Begin(Deployment moved, int devices, FleetEvent[] seen, FleetEvent[] said)
    {
        Rig.Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed([moved, Deployment("db")]), .. Listed(Names(devices).Select(name => Device(name) with { Status = new() { Taken = new(5, 1, 1) } }))]);
        Rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        Rig.Step([.. seen, .. said, .. CaughtUp()]);
        Settle();
    }

    private static ImmutableSortedDictionary<string, string> Labels(string group) => ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("group", group)]);

    private static Device Plain(string name) => Device(name) with { Spec = new() };

    /// <summary>It holds a manifest that nobody needs to know, and runs this.</summary>
    private FleetEvent.ReportHeard Holds(string device, long sequence, Generation? generation, ManifestEntry? runs, long boot = 5) => new(
        new DeviceReport
        {
            Device = DeviceId.Parse(device),
            Instance = "run",
            Boot = boot,
            Sequence = sequence,
            At = Rig.Now,
            ManifestGeneration = generation,
            ManifestDigest = generation is null ? null : generation == new Generation(2, 4) ? Seen(device, runs!).Stored.Digest : Digest.Of("newer"u8),
            Deployments = [.. new[] { runs ?? Present() }.Select(entry => new DeploymentReport { Namespace = entry.Namespace, Name = entry.Name, Uid = entry.Uid, ScoreDigest = entry.ScoreDigest, Phase = Phase.Running, Since = Rig.Now })],
        },
        Rig.Now);
}
