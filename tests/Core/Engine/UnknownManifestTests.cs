using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>
/// The bus lost its manifests while no operator ran, and with them what of a device's workloads cannot be judged by the store alone: the device
/// says itself what it runs, and is given nothing that would take it away.
/// </summary>
public sealed class UnknownManifestTests
{
    private static readonly DeviceId Pi = DeviceId.Parse("pi-1");
    private static readonly DeploymentKey Web = new(NamespaceName.Parse("default"), DeploymentName.Parse("web"));
    private readonly EngineRig rig = new();

    [Fact]
    public void WhatTheStoreLost_HoldsTheManifest_UntilSomebodyDecides()
    {
        Begin([], [], Says(1, "web"));

        Puts().ShouldBeEmpty();
        rig.Answer<FleetEffect.FindRemoved>(_ => new EffectResult.RemovedFound([]));
        rig.Step(TimeSpan.FromSeconds(1));
        Puts().ShouldBeEmpty();
        rig.LostAs(Web).ShouldNotBeNull().SaidBy.ShouldBe([Pi]);
        rig.Notices.ShouldNotContain(notice => notice is FleetNotice.IntentLost, "a device says what it likes, as often as it likes");
        rig.Notices.ShouldContain(new FleetNotice.ManifestHeld(Pi, "default/web"));
        Condition()!.Message.ShouldStartWith("It says that it runs default/web, by a manifest that this control plane does not know.");

        rig.Step(TimeSpan.FromSeconds(3));
        rig.Answer<FleetEffect.FindRemoved>(ask => new EffectResult.RemovedFound(ask.Uids));

        Puts().ShouldHaveSingleItem().ShouldStartWith("put manifest 3.1 of pi-1 over revision 0");
        rig.Lost.ShouldBeEmpty();
        Condition()!.Status.ShouldBe(ConditionStatus.False);
    }

    [Fact]
    public void WhatCannotBeRead_HoldsTheManifest_UntilItCan()
    {
        Begin([], ["web"], Says(1, "web"));

        rig.Step(TimeSpan.FromSeconds(1));
        (Puts().Count(), rig.Open.OfType<FleetEffect.FindRemoved>().Count()).ShouldBe((0, 0));
        Condition()!.Status.ShouldBe(ConditionStatus.True);

        rig.Step(new FleetEvent.DeploymentSeen(Deployment("web")));
        rig.Settle();
        Stored().ShouldContain("uid-web");
    }

    [Fact]
    public void WhatWasLost_ThenCouldNotBeRead_AndIsOnNoListAnyMore_IsAskedAboutAgain()
    {
        Begin([], [], Says(1, "web"));
        rig.Answer<FleetEffect.FindRemoved>(_ => new EffectResult.RemovedFound([]));
        rig.Step(new FleetEvent.DeploymentsListed([], [("default", "web")]));

        rig.Step(TimeSpan.FromSeconds(1), new FleetEvent.DeploymentsListed([], []));

        Puts().ShouldBeEmpty();
        rig.Notices.ShouldNotContain(notice => notice is FleetNotice.Poisoned);
        rig.Open.OfType<FleetEffect.FindRemoved>().ShouldHaveSingleItem().Uids.ShouldBe(["uid-web"]);
    }

    /// <summary>A manifest that landed after its device was deleted, and was removed again, says nothing to one that comes later under that name.</summary>
    [Fact]
    public void WhatWasStoredForADeviceThatIsNotKnown_IsForgottenWhenItIsRemoved()
    {
        Begin([], [], Says(1));
        var (other, entry) = (DeviceId.Parse("pi-2"), new ManifestEntry { Namespace = Web.Namespace, Name = Web.Name, Uid = "uid-web", ScoreDigest = Digest.Of("score"u8), Address = Digest.Of("address"u8), Key = new byte[32] });
        rig.Step(new FleetEvent.ManifestSeen(other, new StoredManifest(8, Digest.Of("late"u8), new Generation(2, 4)), [entry]));
        rig.Answer<FleetEffect.FindRemoved>(_ => new EffectResult.RemovedFound([]));

        rig.Step(new FleetEvent.ManifestSeen(other, new StoredManifest(9, null, null), []));
        rig.Step(new FleetEvent.DeviceSeen(Device("pi-2")));
        rig.Settle();

        Stored().ShouldNotContain("uid-web");
    }

    [Fact]
    public void WhatIsOfNoUseToThisVersion_HoldsTheManifest()
    {
        var unusable = Deployment("web") with { Spec = new() { TargetSelector = Deployment("web").Spec.TargetSelector } };

        Begin([unusable], [], Says(1, "web"));

        rig.Step(TimeSpan.FromSeconds(1));
        Puts().ShouldBeEmpty();
    }

    [Fact]
    public void WhatWasRemovedByIntent_GoesOnceTheStoreSaysSo()
    {
        Begin([Deployment("db")], [], Says(1, "web"));
        Puts().ShouldBeEmpty();

        rig.Answer<FleetEffect.FindRemoved>(ask => new EffectResult.RemovedFound(ask.Uids));
        rig.Settle();

        Stored().ShouldContain("uid-db");
        rig.Lost.ShouldBeEmpty();
    }

    [Fact]
    public void WhatItRunsNoMore_HoldsNothing_AndWasNotLost()
    {
        Begin([], [], Says(1, "web"));
        rig.Answer<FleetEffect.FindRemoved>(_ => new EffectResult.RemovedFound([]));

        rig.Step(Says(2));

        Puts().Count().ShouldBe(1);
        rig.Lost.ShouldBeEmpty();
    }

    [Fact]
    public void WhatAnotherDevicesManifestNames_GoesOnAsItIs()
    {
        Begin([Deployment("web")], [], Says(1, "web"));

        rig.Settle();

        Stored().ShouldContain("uid-web");
        rig.Notices.ShouldNotContain(notice => notice is FleetNotice.ManifestHeld);
    }

    /// <summary>What it holds may be more than the store knows: it comes with its report, moments later.</summary>
    [Fact]
    public void DeviceThatHasSpokenBefore_IsGivenNothing_UntilItSaysWhatItHolds()
    {
        Begin([Deployment("db")], [], rig.Info("pi-1", new(5, 1), "a"));
        rig.Settle();
        Puts().ShouldBeEmpty();
        rig.Notices.OfType<FleetNotice.ManifestStored>().ShouldBeEmpty();
        rig.Progress.Unsettled.ShouldBe(0);

        rig.Step(rig.Report("pi-1", new(5, 2)));
        rig.Settle();

        Stored().ShouldContain("uid-db");
    }

    /// <summary>What it said before its resource was there counts whole: also which manifest it holds.</summary>
    [Fact]
    public void ReportThatCameBeforeTheDevice_TellsWhatItHolds()
    {
        rig.Begin([Deployment("web")], []);
        rig.Step(Says(1, "web"));

        rig.Step(new FleetEvent.DeviceSeen(Device("pi-1")));
        rig.Settle();

        rig.Notices.OfType<FleetNotice.ManifestStored>().ShouldHaveSingleItem().Step.Why.ShouldBe("past 2.5, which the device holds");
    }

    /// <summary>Somebody who waits for a rollout can see why nothing comes.</summary>
    [Fact]
    public void DeviceThatDoesNotSayWhatItHolds_IsToldToBeWaitedFor_UntilItDoes()
    {
        Begin([Deployment("db")], [], rig.Info("pi-1", new(5, 1), "a"));
        rig.Settle();
        Awaiting().ShouldBeNull();

        rig.Step(TimeSpan.FromSeconds(31));
        rig.Settle();
        (Awaiting()!.Status, Awaiting()!.Reason).ShouldBe((ConditionStatus.True, "ManifestLost"));
        Awaiting()!.Message.ShouldBe("There is no manifest for it, and it has spoken before: what it holds is not known. It is given nothing until it reports that, which it does within twelve minutes while its agent runs.");
        Puts().ShouldBeEmpty();

        rig.Step(rig.Report("pi-1", new(5, 2)));
        rig.Settle();
        Awaiting()!.Status.ShouldBe(ConditionStatus.False);
        Stored().ShouldContain("uid-db");
    }

    private Condition? Awaiting() => rig.DeviceOf("pi-1").Status?.Conditions.Of(ConditionTypes.AwaitingReport);

    private void Begin(IEnumerable<Deployment> deployments, ImmutableArray<string> unreadable, FleetEvent said)
    {
        var listed = new FleetEvent.DeploymentsListed([.. deployments.Select(one => (one.Metadata.Namespace, one.Metadata.Name))], [.. unreadable.Select(name => ((string?)"default", name))]);
        rig.Step([
            new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. deployments.Select(one => new FleetEvent.DeploymentSeen(one)), listed, .. Listed([Device("pi-1")]), said]);
        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        rig.Step([.. Enum.GetValues<WatchedBucket>().Select(bucket => new FleetEvent.WatchCaughtUp(bucket))]);
    }

    private FleetEvent.ReportHeard Says(int sequence, params IEnumerable<string> runs) => new(
        new()
        {
            Device = Pi,
            Instance = "run",
            Sequence = sequence,
            At = rig.Now,
            ManifestGeneration = new Generation(2, 5),
            ManifestDigest = Digest.Of("nobody here knows it"u8),
            Deployments = [.. runs.Select(name => new DeploymentReport
            {
                Namespace = Web.Namespace, Name = DeploymentName.Parse(name), Uid = "uid-" + name, ScoreDigest = Digest.Of("score"u8), Phase = Phase.Running,
            })],
        },
        rig.Now);

    private IEnumerable<string> Puts() => rig.Open.OfType<FleetEffect.PutManifest>().Select(put => put.ToString());

    private string Stored() => System.Text.Encoding.UTF8.GetString(rig.Notices.OfType<FleetNotice.ManifestStored>().Last().Step.Bytes);

    private Condition? Condition()
    {
        rig.Step(TimeSpan.FromSeconds(2));
        rig.Settle();
        return rig.StoredDevice.Status!.Conditions.Of(ConditionTypes.IntentLost);
    }
}
