using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>What is lost by the word of a device, or on one alone, and what becomes of it when that says something else, or is deleted.</summary>
public sealed class DroppedClaimTests
{
    private static readonly DeploymentKey Web = KeyOf("web");
    private readonly EngineRig rig = new();

    [Fact]
    public void ClaimOfADeviceThatIsDeleted_IsLostNoMore()
    {
        Begin();
        rig.Step(Says(2, "zzz", "uid-invented"));
        rig.Settle();
        rig.LostAs(KeyOf("zzz")).IsClaim.ShouldBeTrue();

        Delete("pi-2");

        rig.Lost.ShouldBeEmpty();
        rig.Notices.OfType<FleetNotice.IntentLost>().ShouldBeEmpty();
    }

    /// <summary>Then it can be adopted.</summary>
    [Fact]
    public void InventedUid_OfADeviceThatIsDeleted_IsForgotten()
    {
        Begin(Manifest("uid-web"));
        rig.Step(Says(2, "web", "uid-invented"));
        rig.Settle();
        rig.LostAs(Web).Uids.ShouldBe(["uid-invented", "uid-web"]);

        Delete("pi-2");

        rig.LostAs(Web).Uids.ShouldBe(["uid-web"]);
        rig.LostAs(Web).SaidBy.ShouldBeEmpty();
    }

    /// <summary>Nothing runs it any more.</summary>
    [Fact]
    public void Lost_OfWhichTheOnlyDeviceIsDeleted_IsLostNoMore()
    {
        Begin(Manifest("uid-web"));
        rig.Lost.ShouldBe([Web]);

        Delete("pi-1");

        rig.Lost.ShouldBeEmpty();
    }

    [Fact]
    public void Lost_OfWhichOneOfTwoDevicesIsDeleted_StaysLost()
    {
        Begin(Manifest("uid-web"), Manifest("uid-web", "pi-2"));

        Delete("pi-1");

        rig.LostAs(Web).Uids.ShouldBe(["uid-web"]);
    }

    /// <summary>What it said before is no word of it any more: the store is asked for what it says now.</summary>
    [Fact]
    public void DeviceThatSaysAnotherUidEachTime_HasSaidTheLastOne()
    {
        Begin(Manifest("uid-web"));
        for (var number = 2; number < 1002; number++)
        {
            rig.Step(Says(number, "web", $"uid-{number}"));
        }

        rig.Settle();
        rig.Step(TimeSpan.FromSeconds(5));
        rig.Open.OfType<FleetEffect.FindRemoved>().ShouldHaveSingleItem().Uids.ShouldBe(["uid-1001", "uid-web"]);
    }

    /// <summary>However many devices invent uids for a name, so many are asked for; each of them is given nothing meanwhile.</summary>
    [Fact]
    public void ManyDevicesThatInventUids_AreAskedForUpToABound()
    {
        var liars = Enumerable.Range(3, 100).Select(number => $"pi-{number}").ToArray();
        Begin(Manifest("uid-web"));
        rig.Step([.. liars.Select(name => new FleetEvent.DeviceSeen(Device(name, "none")))]);
        rig.Step([.. liars.Select(name => Says(1, "web", $"uid-of-{name}", name))]);
        rig.Settle();
        rig.Step(TimeSpan.FromSeconds(5));

        var uids = rig.Open.OfType<FleetEffect.FindRemoved>().ShouldHaveSingleItem().Uids;
        uids.Length.ShouldBe(64);
        uids.ShouldContain("uid-web");
        rig.Notices.OfType<FleetNotice.ManifestHeld>().Select(held => held.Device.Value).ShouldBe(liars, ignoreOrder: true);
    }

    /// <summary>Two lost deployments of a name: one is dropped, and goes, also while the other one waits for a decision; it does not come back by a manifest that is read again before the next is written.</summary>
    [Fact]
    public void OneOfTwoUids_ThatIsDropped_LeavesTheManifestThatNamesIt()
    {
        Begin(Manifest("uid-one"), Manifest("uid-two", "pi-2"));
        rig.LostAs(Web).Uids.ShouldBe(["uid-one", "uid-two"]);
        rig.Step(TimeSpan.FromSeconds(3));

        rig.Answer<FleetEffect.FindRemoved>(_ => new EffectResult.RemovedFound(["uid-one"]));
        rig.Answer<FleetEffect.PutManifest>(_ => new EffectResult.Failed());
        var again = Manifest("uid-one");
        rig.Step(new FleetEvent.ResyncBegan(WatchedBucket.DesiredState), again, new FleetEvent.ManifestUnchanged(DeviceId.Parse("pi-2")), new FleetEvent.WatchCaughtUp(WatchedBucket.DesiredState));
        rig.Step(TimeSpan.FromSeconds(3));
        rig.Settle();

        var put = rig.Notices.OfType<FleetNotice.ManifestStored>().ShouldHaveSingleItem();
        put.Device.Value.ShouldBe("pi-1");
        System.Text.Encoding.UTF8.GetString(put.Step.Bytes).ShouldNotContain("uid-one");
        rig.LostAs(Web).Uids.ShouldBe(["uid-two"]);
    }

    private void Delete(string device)
    {
        rig.Step(new FleetEvent.DeviceSeen(Deleting(Device(device))));
        rig.Settle();
        rig.Step(new FleetEvent.DeviceGone(Deleting(Device(device))));
        rig.Settle();
        for (var turn = 0; turn < 30; turn++)
        {
            rig.Step(TimeSpan.FromSeconds(10));
            rig.Settle();
        }
    }

    private static DeploymentKey KeyOf(string name) => new(NamespaceName.Parse("default"), DeploymentName.Parse(name));

    private static FleetEvent.ManifestSeen Manifest(string uid, string device = "pi-1")
    {
        var entry = new ManifestEntry { Namespace = Web.Namespace, Name = Web.Name, Uid = uid, ScoreDigest = Digest.Of("score"u8), Address = Digest.Of("address"u8), Key = new byte[32] };
        var (id, generation) = (DeviceId.Parse(device), new Generation(2, 4));
        return new(id, new StoredManifest(7, Digest.Of(ManifestDocument.Write(id, generation, [entry])), generation), [entry]);
    }

    private void Begin(params FleetEvent[] seen)
    {
        rig.Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed(Array.Empty<Deployment>()), .. Listed([Device("pi-1"), Device("pi-2")])]);
        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        rig.Step([.. seen, .. Enum.GetValues<WatchedBucket>().Select(bucket => new FleetEvent.WatchCaughtUp(bucket))]);
        rig.Settle();
    }

    private FleetEvent.ReportHeard Says(int sequence, string name, string uid, string device = "pi-2") => new(
        new()
        {
            Device = DeviceId.Parse(device),
            Instance = "run",
            Sequence = sequence,
            At = rig.Now,
            ManifestGeneration = new Generation(50, 1),
            ManifestDigest = Digest.Of("nobody here knows it"u8),
            Deployments = [new() { Namespace = Web.Namespace, Name = DeploymentName.Parse(name), Uid = uid, ScoreDigest = Digest.Of("score"u8), Phase = Phase.Running }],
        },
        rig.Now);
}
