using System.Text;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Engine;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>A manifest that was found names what is held in another version than is wanted: it may be of an older copy of the bus, and its device hold a newer one.</summary>
public sealed class OlderManifestTests
{
    private static readonly DeviceId Late = DeviceId.Parse("pi-09");
    private static readonly Generation Found = new(2, 4);
    private static readonly StoredManifest Newer = new(12, Digest.Of("newer"u8), new Generation(2, 9));
    private readonly EngineRig rig = new();
    private readonly List<string> effects = [];

    /// <summary>The bucket had an older copy of the manifest: what that names is no version to go back to, and what the device runs is not known here.</summary>
    [Fact]
    public void DeviceMadeAnewOverAnOlderManifestThanItHolds_IsGivenNothing_UntilItsLabelsAreGivenAgain()
    {
        Begin();
        rig.Step(Holds(9, Newer));
        ComeOver(Older);

        Newest().ShouldBeEmpty();
        Held()!.Message.ShouldStartWith("It matches 3 devices now, and would be removed from 1 other: pi-09.");
        rig.Step(TimeSpan.FromMinutes(1));
        Settle();
        rig.DeviceOf(Late.Value).Status!.Conditions.Of(ConditionTypes.IntentLost)!.ShouldSatisfyAllConditions(
            told => (told.Status, told.Reason).ShouldBe((ConditionStatus.True, "VersionUnknown")),
            told => told.Message.ShouldStartWith("It says that it runs default/web in a version that this control plane does not know"));

        var device = rig.DeviceOf(Late.Value);
        rig.Step(new FleetEvent.DeviceSeen(device with { Metadata = device.Metadata with { ResourceVersion = "900000", Generation = 9 }, Spec = Device("pi-09").Spec }));
        Settle();
        Newest().ShouldContain("uid-web");
        Newest().ShouldNotContain(Older.ScoreDigest.Value);
        rig.DeviceOf(Late.Value).Status!.Conditions.Of(ConditionTypes.IntentLost)!.Status.ShouldBe(ConditionStatus.False);
    }

    /// <summary>Older copies of the buckets have a report that is as old as the manifest: the device may have gone on, and says so when it comes.</summary>
    [Fact]
    public void DeviceMadeAnewOverAnOlderVersionThanIsWanted_IsGivenNothing_UntilItHasSpoken()
    {
        Begin();
        Read(Older);
        ComeOver(Older);
        Newest().ShouldBeEmpty();
        Held()!.Message.ShouldStartWith("It matches 3 devices now, and would be removed from 1 other: pi-09.");

        rig.Step(Holds(9, Newer));
        Settle();
        Newest().ShouldBeEmpty("it runs a newer version, which is not known here");

        var web = rig.Stored;
        rig.Step(new FleetEvent.DeploymentSeen(web with { Metadata = web.Metadata with { ResourceVersion = "900000", Annotations = web.Metadata.Annotations.SetItem(ApiGroup.ApproveRemovalAnnotation, $"1/1/{web.Status!.RemovalHold}") } }));
        Settle();
        Newest().ShouldNotBeEmpty();
        Newest().ShouldNotContain("uid-web");
    }

    [Fact]
    public void DeviceThatIsGivenNothing_SaysSo_UntilItHasSpoken()
    {
        Begin();
        Read(Older);
        ComeOver(Older);
        OfDevice().ShouldBeNull("it may say so in a moment");
        rig.Step(AwaitedReport.Patience);
        Settle();
        OfDevice()!.ShouldSatisfyAllConditions(
            told => (told.Status, told.Reason).ShouldBe((ConditionStatus.True, "OlderManifest")),
            told => told.Message.ShouldBe("Its manifest names default/web in another version than that has now, and the removal from it is held. It may hold a newer manifest, and would go back to that version: it is given nothing until it reports what it holds."));

        rig.Step(Holds(9, Newer));
        Settle();
        OfDevice()!.Status.ShouldBe(ConditionStatus.False);
    }

    /// <summary>What is found is in the version that is wanted, so that nothing is written, and another one is wanted then.</summary>
    [Fact]
    public void OperatorThatBegins_WhoseDeploymentChangesWhileTheDeviceIsAway_GivesItNothing_UntilItHasSpoken()
    {
        var present = Present();
        Restart([present]);
        OfDevice().ShouldBeNull();

        rig.Step(new FleetEvent.DeploymentSeen(Deployment("web", image: "localhost/hello:2", generation: 2)), new FleetEvent.DeploymentSeen(Deployment("extra", "unlabelled")));
        Settle();
        rig.Step(AwaitedReport.Patience);
        Settle();
        Newest().ShouldBeEmpty();
        OfDevice()!.Reason.ShouldBe("OlderManifest");

        rig.Step(Holds(5, Seen(present).Stored));
        Settle();
        Newest().ShouldContain("uid-extra");
        Newest().ShouldContain(present.ScoreDigest.Value);
    }

    /// <summary>What this operator gave the device is not found: it may be in a version before.</summary>
    [Fact]
    public void DeviceThatWasGivenWhatIsHeld_IsGivenMore_AlsoWhenTheDeploymentChanged()
    {
        var present = Present();
        Restart([present], Deployment("extra", "unlabelled"));
        Newest().ShouldContain("uid-extra");

        rig.Step(new FleetEvent.DeploymentSeen(Deployment("web", image: "localhost/hello:2", generation: 2)), new FleetEvent.DeploymentSeen(Deployment("more", "unlabelled")));
        Settle();
        Newest().ShouldContain("uid-more");
        Newest().ShouldContain(present.ScoreDigest.Value);
        OfDevice().ShouldBeNull();
    }

    /// <summary>An operator that begins knows by the condition that it is held, and not why.</summary>
    [Fact]
    public void OperatorThatBegins_WhileTheDeviceIsWaitedFor_GivesItNothing_UntilItHasSpoken()
    {
        Restart([Older], Deployment("extra", "unlabelled"));
        rig.Step(AwaitedReport.Patience);
        Settle();
        Newest().ShouldBeEmpty();
        OfDevice()!.Reason.ShouldBe("OlderManifest");

        rig.Step(Holds(5, Seen(Older).Stored));
        Settle();
        Newest().ShouldContain("uid-extra");
        Newest().ShouldContain("uid-web", customMessage: "it held no newer one: what stands there stays");
    }

    /// <summary>What is stored for it still names what is deleted: the finalizer goes when that was written.</summary>
    [Fact]
    public void DeploymentThatIsDeletedWhileTheDeviceIsWaitedFor_StaysUntilItHasLeftThatManifest()
    {
        var extra = Older with { Name = DeploymentName.Parse("extra"), Uid = "uid-extra" };
        Restart([extra, Older], Deployment("extra", "unlabelled"));
        Newest().ShouldBeEmpty();

        const string Released = "patch finalizers of deployment default/extra: []";
        effects.AddRange(rig.Step(new FleetEvent.DeploymentSeen(Deleting(Deployment("extra", "unlabelled")))));
        Settle();
        effects.ShouldNotContain(Released);

        effects.AddRange(rig.Step(Holds(5, Seen(extra, Older).Stored)));
        effects.AddRange(rig.Step(TimeSpan.FromSeconds(2)));
        effects.ShouldNotContain(Released, "the next one is not written yet");
        Settle();
        Newest().ShouldNotBeEmpty();
        Newest().ShouldNotContain("uid-extra");
        effects.ShouldContain(Released);
    }

    /// <summary>It may never speak again: only what its manifest names waits for it, and says so.</summary>
    [Fact]
    public void DeploymentThatIsDeletedWhileADeviceIsWaitedFor_WaitsForItOnlyWhereItsManifestNamesIt()
    {
        var extra = Older with { Name = DeploymentName.Parse("extra"), Uid = "uid-extra" };
        Restart([extra, Older], Deployment("extra", "unlabelled"), Deployment("other"), Deployment("late", "unlabelled"));
        foreach (var deleted in new[] { Deployment("other"), Deployment("late", "unlabelled"), Deployment("extra", "unlabelled") })
        {
            rig.Step(new FleetEvent.DeploymentSeen(Deleting(deleted)));
            Settle();
        }

        effects.ShouldContain("patch finalizers of deployment default/other: []");
        effects.ShouldContain("patch finalizers of deployment default/late: []", "it matches the device, which was never given it");
        effects.ShouldNotContain("patch finalizers of deployment default/extra: []");
        rig.Progress.ToString().ShouldBe("converged");
        rig.Stored.Metadata.Name.ShouldBe("extra");
        rig.Stored.Status!.Conditions.Of(ConditionTypes.AwaitingReport)!.ShouldSatisfyAllConditions(
            told => (told.Status, told.Reason).ShouldBe((ConditionStatus.True, "OlderManifest")),
            told => told.Message.ShouldBe("It is being deleted, and the manifest of pi-09 names it. That device is given nothing until it reports what it holds: see the conditions of the Device. Where it is gone for good: fleet delete device pi-09."));
    }

    [Fact]
    public void DeploymentThatWaitsForADevice_GoesWhenThatIsDeleted_AndItsManifestIsOffTheBus()
    {
        var extra = Older with { Name = DeploymentName.Parse("extra"), Uid = "uid-extra" };
        Restart([extra, Older], Deployment("extra", "unlabelled"));
        rig.Step(new FleetEvent.DeploymentSeen(Deleting(Deployment("extra", "unlabelled"))));
        Settle();

        const string Released = "patch finalizers of deployment default/extra: []";
        effects.AddRange(rig.Step(new FleetEvent.DeviceSeen(Deleting(Device("pi-09", "unlabelled")))));
        effects.AddRange(rig.Step(TimeSpan.FromSeconds(2)));
        effects.ShouldNotContain(Released);
        Settle();
        effects.ShouldContain(Released);
    }

    /// <summary>What stands for it is another one meanwhile: that names it no more.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void DeploymentThatWaitsForADevice_GoesWhenItsManifestIsAnotherOne(bool isThere)
    {
        var extra = Older with { Name = DeploymentName.Parse("extra"), Uid = "uid-extra" };
        Restart([extra, Older], Deployment("extra", "unlabelled"));
        rig.Step(new FleetEvent.DeploymentSeen(Deleting(Deployment("extra", "unlabelled"))));
        Settle();
        const string Released = "patch finalizers of deployment default/extra: []";
        effects.ShouldNotContain(Released);

        var another = Seen(Older);
        FleetEvent[] read = [new FleetEvent.ResyncBegan(WatchedBucket.DesiredState), .. isThere ? [another with { Stored = another.Stored with { Revision = 8, Generation = new(2, 5) } }] : Array.Empty<FleetEvent>(), new FleetEvent.WatchCaughtUp(WatchedBucket.DesiredState)];
        effects.AddRange(rig.Step(read));
        Settle();
        effects.ShouldContain(Released);
    }

    /// <summary>An operator begins, that held the removal before; the device is away, and its report is as old as this manifest.</summary>
    private void Restart(ManifestEntry[] found, params Deployment[] others)
    {
        var held = new Condition { Type = ConditionTypes.RemovalHeld, Status = ConditionStatus.True, Reason = "ManyDevices" };
        var web = Deployment("web") with { Status = new() { Conditions = [held] } };
        rig.Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed([web, .. others]), .. Listed([Device("pi-01"), Device("pi-09", "unlabelled")])]);
        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        rig.Step([Seen(found), Holds(4, Seen(found).Stored), .. Enum.GetValues<WatchedBucket>().Select(bucket => new FleetEvent.WatchCaughtUp(bucket))]);
        Settle();
    }

    /// <summary>What a manifest says of the Deployment as it is.</summary>
    private static ManifestEntry Present()
    {
        var before = new EngineRig();
        before.Begin([Deployment("web")], [Device("pi-01")]);
        before.Settle();
        var put = before.Notices.OfType<FleetNotice.ManifestStored>().Single();
        return System.Text.Json.JsonSerializer.Deserialize(put.Step.Bytes, ContractsJson.Bus.DeviceManifest)!.Entries[0];
    }

    private void Begin()
    {
        rig.Begin([Deployment("web")], [Device("pi-01"), Device("pi-02"), Device("pi-03")]);
        Settle();
    }

    private void Settle()
    {
        effects.AddRange(rig.Settle());
        effects.AddRange(rig.Step(TimeSpan.FromSeconds(2)));
        effects.AddRange(rig.Settle());
    }

    /// <summary>What lay on the bus is read, as old as the manifest.</summary>
    private void Read(ManifestEntry entry) => rig.Step(
        new FleetEvent.ResyncBegan(WatchedBucket.DeviceState), Holds(4, Seen(entry).Stored), new FleetEvent.WatchCaughtUp(WatchedBucket.DeviceState));

    /// <summary>Its Device is made anew without labels, and its first manifest meets this one.</summary>
    private void ComeOver(ManifestEntry entry)
    {
        rig.Step(new FleetEvent.DeviceSeen(Device("pi-09", "unlabelled")));
        var put = rig.Open.OfType<FleetEffect.PutManifest>().ShouldHaveSingleItem();
        var stands = Seen(entry);
        rig.Open.Remove(put);
        rig.Step(new FleetEvent.Finished(put, new EffectResult.ManifestPut(stands.Stored, IsWritten: false, stands.Entries)));
        rig.Step(TimeSpan.FromSeconds(1));
        Settle();
    }

    /// <summary>It holds this manifest, and runs the deployment in the version that this names.</summary>
    private FleetEvent.ReportHeard Holds(long sequence, StoredManifest manifest)
    {
        var runs = new DeploymentReport { Namespace = Older.Namespace, Name = Older.Name, Uid = Older.Uid, ScoreDigest = manifest == Newer ? Digest.Of("newer version"u8) : Older.ScoreDigest, Phase = Phase.Running, Since = rig.Now };
        return new FleetEvent.ReportHeard(
            new DeviceReport { Device = Late, Instance = "run", Sequence = sequence, At = rig.Now, ManifestGeneration = manifest.Generation, ManifestDigest = manifest.Digest, Deployments = [runs] }, rig.Now);
    }

    private static ManifestEntry Older { get; } = new()
    {
        Namespace = NamespaceName.Parse("default"),
        Name = DeploymentName.Parse("web"),
        Uid = "uid-web",
        ScoreDigest = Digest.Of("older"u8),
        Address = Digest.Of("older address"u8),
        Key = new byte[32],
    };

    private static FleetEvent.ManifestSeen Seen(params ManifestEntry[] entries) =>
        new(Late, new StoredManifest(7, Digest.Of(ManifestDocument.Write(Late, Found, [.. entries])), Found), [.. entries]);

    private FleetNotice.ManifestStored? Stored(string device) => rig.Notices.OfType<FleetNotice.ManifestStored>().LastOrDefault(put => put.Device.Value == device);

    /// <summary>The manifest that the device was last given, empty for none.</summary>
    private string Newest() => Stored(Late.Value) is { } put ? Encoding.UTF8.GetString(put.Step.Bytes) : string.Empty;

    private Condition? Held() => rig.Stored.Status?.Conditions.Of(ConditionTypes.RemovalHeld);

    private Condition? OfDevice() => rig.DeviceOf(Late.Value).Status?.Conditions.Of(ConditionTypes.AwaitingReport);
}
