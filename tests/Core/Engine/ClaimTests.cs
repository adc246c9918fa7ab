using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>The store lost a deployment, and a device says what it likes: it decides nothing about what authentic manifests name.</summary>
public sealed class ClaimTests
{
    private static readonly DeviceId Other = DeviceId.Parse("pi-2");
    private static readonly DeploymentKey Web = KeyOf("web");
    private readonly EngineRig rig = new();

    /// <summary>Seen: dropped by its invented name, a deployment went from the whole fleet by its uid.</summary>
    [Fact]
    public void UidOfAnother_UnderAnInventedName_IsNoLoss_AndHoldsNothing()
    {
        Begin([], Manifest("uid-web"));

        rig.Step(Says(2, "zzz", "uid-web"));
        rig.Settle();

        rig.Lost.ShouldBe([Web]);
        Given().ShouldContain("past 50.1, which the device holds");
        rig.Notices.ShouldNotContain(notice => notice is FleetNotice.ManifestHeld);
    }

    [Fact]
    public void UidOfAStoredDeployment_UnderAnInventedName_IsNoLoss()
    {
        Begin([Deployment("web")]);

        rig.Step(Says(2, "zzz", "uid-web"));
        rig.Settle();

        rig.Lost.ShouldBeEmpty();
        Given().ShouldContain("past 50.1, which the device holds");
        rig.Notices.ShouldNotContain(notice => notice is FleetNotice.ManifestHeld);
    }

    /// <summary>What is gone is nobody's: such a uid is as one that was invented. It holds the manifest of whoever says it, until that is dropped.</summary>
    [Fact]
    public void UidOfADeploymentThatIsGone_UnderAnInventedName_IsAClaimAsAnyOther()
    {
        Begin([Deployment("web")]);
        rig.Step(new FleetEvent.DeploymentGone(Deployment("web")));
        rig.Settle();

        rig.Step(Says(2, "zzz", "uid-web"));
        rig.Settle();

        rig.LostAs(KeyOf("zzz")).IsClaim.ShouldBeTrue();
        rig.Lost.ShouldBe([KeyOf("zzz")]);
    }

    /// <summary>That it was removed is not known for ever: the store is asked, and nothing is lost.</summary>
    [Fact]
    public void DeploymentThatIsGoneForLong_AndADeviceNames_IsAskedAboutAgain()
    {
        Begin([Deployment("web")]);
        rig.Step(new FleetEvent.DeploymentGone(Deployment("web")));
        rig.Settle();
        rig.Step(TimeSpan.FromMinutes(10), Says(2, "web", "uid-web"));
        rig.Open.OfType<FleetEffect.FindRemoved>().ShouldBeEmpty("it is known");

        rig.Settle();
        rig.Step(TimeSpan.FromHours(3));
        rig.Settle();
        rig.Step(Says(2, "web", "uid-web", "pi-1"));

        rig.Answer<FleetEffect.FindRemoved>(ask => new EffectResult.RemovedFound(ask.Uids));
        rig.Lost.ShouldBeEmpty();
    }

    /// <summary>It was said before anybody knew of whom the uid is, and was dropped: that is told of the invented name alone.</summary>
    [Fact]
    public void UidThatWasDroppedUnderAnInventedName_SaysNothingOfTheOneThatHasIt()
    {
        Begin([]);
        rig.Step(Says(2, "zzz", "uid-web"));
        rig.Answer<FleetEffect.FindRemoved>(ask => new EffectResult.RemovedFound(ask.Uids));
        rig.Lost.ShouldBeEmpty();

        rig.Step(Manifest("uid-web", revision: 9000));

        rig.Open.OfType<FleetEffect.FindRemoved>().ShouldHaveSingleItem().ToString().ShouldBe("find removed deployment default/web: uid-web");
        rig.Answer<FleetEffect.FindRemoved>(_ => new EffectResult.RemovedFound([]));
        rig.Lost.ShouldBe([Web]);
    }

    /// <summary>Else a device that invents a uid each moment would hold up for good what was decided.</summary>
    [Fact]
    public void UidThatADeviceAloneSays_UnderARealName_DoesNotHoldUpWhatWasDecided()
    {
        Begin([], Manifest("uid-web"));
        rig.Step(Says(2, "web", "uid-invented"));
        rig.Settle();
        rig.LostAs(Web).Uids.ShouldBe(["uid-invented", "uid-web"]);
        rig.Step(TimeSpan.FromSeconds(3));

        rig.Answer<FleetEffect.FindRemoved>(_ => new EffectResult.RemovedFound(["uid-web"]));
        rig.Settle();

        var stored = rig.Notices.OfType<FleetNotice.ManifestStored>().Last();
        (stored.Device, System.Text.Encoding.UTF8.GetString(stored.Step.Bytes).Contains("uid-web", StringComparison.Ordinal)).ShouldBe((DeviceId.Parse("pi-1"), false));
        rig.Lost.ShouldBe([Web], "what the device says of it waits for a decision of its own");
        rig.LostAs(Web).Uids.ShouldBe(["uid-invented"]);
    }

    /// <summary>One device alone is told by its own condition, and is no loss of the fleet; what a manifest or two devices name is.</summary>
    [Theory]
    [InlineData("one", true)]
    [InlineData("two", false)]
    [InlineData("manifest", false)]
    public void WhatOneDeviceAloneSays_IsToldApart(string known, bool isClaim)
    {
        Begin([], known == "manifest" ? [Manifest("uid-web")] : []);
        rig.Step(Says(2, "web", "uid-web"));
        if (known == "two")
        {
            rig.Step(Says(2, "web", "uid-web", "pi-1"));
        }

        rig.Settle();

        rig.LostAs(Web).IsClaim.ShouldBe(isClaim);
    }

    private static DeploymentKey KeyOf(string name) => new(NamespaceName.Parse("default"), DeploymentName.Parse(name));

    private static FleetEvent.ManifestSeen Manifest(string uid, ulong revision = 7)
    {
        var entry = new ManifestEntry { Namespace = Web.Namespace, Name = Web.Name, Uid = uid, ScoreDigest = Digest.Of("score"u8), Address = Digest.Of("address"u8), Key = new byte[32] };
        return new(DeviceId.Parse("pi-1"), new StoredManifest(revision, Digest.Of("m"u8), new Generation(2, 4)), [entry]);
    }

    private IEnumerable<string> Given() => rig.Notices.OfType<FleetNotice.ManifestStored>().Where(stored => stored.Device == Other).Select(stored => stored.Step.Why);

    private void Begin(IEnumerable<Deployment> deployments, params FleetEvent[] seen)
    {
        rig.Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed(deployments), .. Listed([Device("pi-1"), Device("pi-2")])]);
        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        rig.Step([.. seen, .. Enum.GetValues<WatchedBucket>().Select(bucket => new FleetEvent.WatchCaughtUp(bucket))]);
        rig.Settle();
    }

    private FleetEvent.ReportHeard Says(int sequence, string name, string uid, string? device = null) => new(
        new()
        {
            Device = device is null ? Other : DeviceId.Parse(device),
            Instance = "run",
            Sequence = sequence,
            At = rig.Now,
            ManifestGeneration = new Generation(50, 1),
            ManifestDigest = Digest.Of("nobody here knows it"u8),
            Deployments = [new() { Namespace = Web.Namespace, Name = DeploymentName.Parse(name), Uid = uid, ScoreDigest = Digest.Of("score"u8), Phase = Phase.Running }],
        },
        rig.Now);
}
