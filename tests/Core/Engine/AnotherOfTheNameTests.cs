using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>The store has another Deployment of a name than the one that manifests name: what runs and is nowhere known to have been removed stays until somebody decides.</summary>
public sealed class AnotherOfTheNameTests
{
    private static readonly DeploymentKey Web = KeyOf("web");
    private readonly EngineRig rig = new();

    /// <summary>A backup is put back that has another one of that name: what was applied since is nowhere known to have been removed.</summary>
    [Fact]
    public void StoreOfBefore_HasAnotherOneOfThatName_WhatRunsStaysUntilSomebodyDecides()
    {
        var devices = Enumerable.Range(1, 30).Select(number => $"pi-{number}").ToArray();
        var before = Deployment("web", "elsewhere") with { Metadata = Deployment("web").Metadata with { Uid = "uid-before" } };
        rig.Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed([before]), .. Listed(devices.Select(name => Device(name)))]);
        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        rig.Step([.. devices.Select(name => Manifest("uid-web", name)), .. Enum.GetValues<WatchedBucket>().Select(bucket => new FleetEvent.WatchCaughtUp(bucket))]);
        rig.Settle();
        rig.Step(TimeSpan.FromSeconds(3));
        rig.Settle();

        Without("uid-web").ShouldBe(0, "nobody removed it, and nobody was asked");
        rig.Lost.ShouldBeEmpty("it is held");

        rig.Step(new FleetEvent.DeploymentSeen(Deleting(before)));
        rig.Settle();
        rig.Step(new FleetEvent.DeploymentGone(Deleting(before)));
        rig.Settle();
        Without("uid-web").ShouldBe(0, "that one was deleted, and not the one that runs");
        rig.Lost.ShouldBe([Web]);
    }

    /// <summary>The store was emptied, labels and all; a job applies the Deployments again, as it does every few minutes, before anybody gave the labels again.</summary>
    [Theory]
    [InlineData("uid-anew")]
    [InlineData("uid-web")]
    public void StoreEmptied_AndAppliedAgainBeforeTheLabelsAre_IsHeld(string uid)
    {
        var devices = Enumerable.Range(1, 30).Select(number => $"pi-{number}").ToArray();
        rig.Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed(Array.Empty<Deployment>()), .. Listed(devices.Select(name => Device(name) with { Spec = new() }))]);
        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        rig.Step([.. devices.Select(name => Manifest("uid-web", name)), .. Enum.GetValues<WatchedBucket>().Select(bucket => new FleetEvent.WatchCaughtUp(bucket))]);
        rig.Settle();
        rig.Lost.ShouldBe([Web]);
        Without("uid-web").ShouldBe(0);

        rig.Step(new FleetEvent.DeploymentSeen(Deployment("web") with { Metadata = Deployment("web").Metadata with { Uid = uid } }));
        rig.Settle();
        rig.Step(TimeSpan.FromSeconds(3));
        rig.Settle();

        Without("uid-web").ShouldBe(0, "it matches none of the 30 devices that run it, and nobody approved that it goes from them");
    }

    private int Without(string uid) => rig.Notices.OfType<FleetNotice.ManifestStored>().GroupBy(put => put.Device)
        .Count(puts => !System.Text.Encoding.UTF8.GetString(puts.Last().Step.Bytes).Contains(uid, StringComparison.Ordinal));

    private static DeploymentKey KeyOf(string name) => new(NamespaceName.Parse("default"), DeploymentName.Parse(name));

    private static FleetEvent.ManifestSeen Manifest(string uid, string device = "pi-1")
    {
        var entry = new ManifestEntry { Namespace = Web.Namespace, Name = Web.Name, Uid = uid, ScoreDigest = Digest.Of("score"u8), Address = Digest.Of("address"u8), Key = new byte[32] };
        var (id, generation) = (DeviceId.Parse(device), new Generation(2, 4));
        return new(id, new StoredManifest(7, Digest.Of(ManifestDocument.Write(id, generation, [entry])), generation), [entry]);
    }
}
