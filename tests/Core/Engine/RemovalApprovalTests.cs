using System.Text;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>What is approved, by the annotation that <c>fleet approve</c> writes for what the status tells.</summary>
public sealed class RemovalApprovalTests
{
    private EngineRig rig = new();
    private int approvals;

    /// <summary>The same number of devices twice within one generation.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    public void SecondBatchOfTheSameSize_IsApprovedAsTheFirst(int minutesLater)
    {
        Begin(40);
        Relabel(1, 12);
        Condition()!.Message.ShouldContain("from 12 others");
        Approve(Deployment("web")).ShouldBe("1/12/1");
        Without().Count().ShouldBe(12);

        rig.Step(TimeSpan.FromMinutes(minutesLater));
        Settle();
        Relabel(13, 12);
        Condition().ShouldNotBeNull("the second batch is held as the first was").Message.ShouldContain("from 12 others");
        Without().Count().ShouldBe(12);
        Approve(Deployment("web")).ShouldBe("1/12/2");

        Without().Count().ShouldBe(24);
        Condition().ShouldBeNull();
    }

    /// <summary>Ten went before; eight are held and approved; the operator ends before their manifests are written.</summary>
    [Fact]
    public void ApprovedAndRestartedBeforeItIsWritten_Goes()
    {
        Begin(40);
        Relabel(1, 10);
        Without().Count().ShouldBe(10);
        Relabel(11, 8);
        Condition()!.Message.ShouldContain("from 8 others");
        var (approved, began) = (WithApproval(rig.Stored, Approval()), rig.Now);

        rig = new EngineRig();
        rig.Step(began - rig.Now);
        rig.Step([new FleetEvent.TermBegan(4), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed([approved]), .. Listed(Enumerable.Range(11, 30).Select(number => number <= 18 ? Relabelled(number) : Device($"pi-{number:00}")))]);
        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        rig.Step([.. Enumerable.Range(11, 30).Select(number => Seen($"pi-{number:00}")), .. CaughtUp()]);
        Settle();

        Condition().ShouldBeNull();
        Without().Count().ShouldBe(8);
    }

    /// <summary>Thirty are approved and written; the power goes, and the bus loses that, but not the store. It is approved once more, and goes.</summary>
    [Fact]
    public void ApprovedAndWrittenAndLostByTheBus_IsApprovedAnew()
    {
        var moved = Deployment("web", "nowhere", generation: 2);
        var approved = WithApproval(moved, "2/30/1") with { Status = new() { RemovalHold = 1, RecentRemovals = new() { Count = 30, At = rig.Now } } };
        rig.Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed([approved]), .. Listed(Names(30).Select(name => Device(name)))]);
        rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        rig.Step([.. Names(30).Select(Seen), .. CaughtUp()]);
        Settle();
        Without().ShouldBeEmpty();

        Approve(approved).ShouldBe("2/30/2");
        Without().Count().ShouldBe(30);
    }

    /// <summary>An approval of before holds had numbers could be for any of them.</summary>
    [Fact]
    public void ApprovalThatNamesNoHold_ApprovesNothing_AndIsToldSo()
    {
        Begin(40);
        Relabel(1, 12);
        rig.Step(new FleetEvent.DeploymentSeen(WithApproval(Deployment("web"), "1/12")));
        Settle();

        Without().ShouldBeEmpty();
        Condition()!.Message.ShouldEndWith(" The approval 1/12 counts for nothing: it does not say of which hold. Approve it with a fleet of this version, or as 1/12/1.");
    }

    /// <summary>One device that takes a label on and off is no reason to hold what an administrator does to another.</summary>
    [Fact]
    public void OneDeviceThatComesAndGoes_HoldsUpNoOther()
    {
        rig.Begin([Deployment("web")], [.. Names(20).Select(name => Device(name)), Device("pi-99") with { Spec = new() }]);
        Settle();
        for (var turn = 1; turn <= 11; turn++)
        {
            rig.Step(rig.Info("pi-99", new(5, 2 * turn), "a"), Runs("pi-99", (2 * turn) - 1));
            Settle();
            rig.Step(rig.Info("pi-99", new(5, (2 * turn) + 1), "b"));
            Settle();
        }

        Relabel(2, 1);
        Condition().ShouldBeNull("one device, pi-02, is to lose it");
        Without().Select(device => device.Value).ShouldContain("pi-02");
    }

    /// <summary>The answer to the engine's own write may be heard after the watch has told of what somebody wrote next.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AnswerThatComesAfterANewerOne_TakesNoApprovalBack(bool isAnswerLast)
    {
        Begin(30);
        rig.Step(new FleetEvent.DeploymentSeen(Deployment("web", "nowhere", generation: 2)));
        rig.Settle();
        rig.Step(TimeSpan.FromSeconds(2));
        var patch = rig.Open.OfType<FleetEffect.PatchDeploymentStatus>().Single();
        rig.Open.Remove(patch);
        var eleven = patch.Resource with { Metadata = patch.Resource.Metadata with { ResourceVersion = "11" } };
        var twelve = WithApproval(eleven, "2/30/1");
        twelve = twelve with { Metadata = twelve.Metadata with { ResourceVersion = "12" } };

        // Nothing of it is written yet: the bus is slow.
        FleetEvent seen = new FleetEvent.DeploymentSeen(twelve), answer = new FleetEvent.Finished(patch, new EffectResult.DeploymentStored(eleven));
        rig.Step(isAnswerLast ? [seen, answer] : [answer, seen]);
        Settle();

        Without().Count().ShouldBe(30);
    }

    private void Begin(int devices)
    {
        rig.Begin([Deployment("web")], [.. Names(devices).Select(name => Device(name))]);
        Settle();
    }

    private void Relabel(int first, int count)
    {
        rig.Step([.. Enumerable.Range(first, count).Select(number => new FleetEvent.DeviceSeen(Relabelled(number)))]);
        Settle();
    }

    private void Settle()
    {
        rig.Settle();
        rig.Step(TimeSpan.FromSeconds(2));
        rig.Settle();
    }

    private string Approval() => $"{rig.Stored.Metadata.Generation}/{rig.Stored.Status!.RemovalHeldCount}/{rig.Stored.Status.RemovalHold}";

    private string Approve(Deployment present)
    {
        var approval = Approval();
        rig.Step(new FleetEvent.DeploymentSeen(WithApproval(present, approval)));
        Settle();
        return approval;
    }

    private Deployment WithApproval(Deployment present, string value) => present with
    {
        Metadata = present.Metadata with { Annotations = present.Metadata.Annotations.SetItem(ApiGroup.ApproveRemovalAnnotation, value), ResourceVersion = $"{++approvals * 1_000_000}" },
    };

    private static FleetEvent[] CaughtUp() => [.. Enum.GetValues<WatchedBucket>().Select(bucket => new FleetEvent.WatchCaughtUp(bucket))];

    private static IEnumerable<string> Names(int count) => Enumerable.Range(1, count).Select(number => $"pi-{number:00}");

    private static Device Relabelled(int number)
    {
        var device = Device($"pi-{number:00}", "other");
        return device with { Metadata = device.Metadata with { ResourceVersion = "90000" } };
    }

    private static ManifestEntry Entry()
    {
        var before = new EngineRig();
        before.Begin([Deployment("web")], [Device("pi-01")]);
        before.Settle();
        return System.Text.Json.JsonSerializer.Deserialize(before.Notices.OfType<FleetNotice.ManifestStored>().Single().Step.Bytes, ContractsJson.Bus.DeviceManifest)!.Entries[0];
    }

    private static FleetEvent.ManifestSeen Seen(string device)
    {
        var (id, generation, entry) = (DeviceId.Parse(device), new Generation(2, 4), Entry());
        return new FleetEvent.ManifestSeen(id, new StoredManifest(7, Digest.Of(ManifestDocument.Write(id, generation, [entry])), generation), [entry]);
    }

    private FleetEvent.ReportHeard Runs(string device, long sequence)
    {
        var entry = Entry();
        var runs = new DeploymentReport { Namespace = entry.Namespace, Name = entry.Name, Uid = entry.Uid, ScoreDigest = entry.ScoreDigest, Phase = Phase.Running, Since = rig.Now };
        return new FleetEvent.ReportHeard(new DeviceReport { Device = DeviceId.Parse(device), Instance = "run", Boot = 5, Sequence = sequence, At = rig.Now, Deployments = [runs] }, rig.Now);
    }

    /// <summary>The devices whose newest manifest does not name it.</summary>
    private IEnumerable<DeviceId> Without() => rig.Notices.OfType<FleetNotice.ManifestStored>().GroupBy(put => put.Device)
        .Where(puts => !Encoding.UTF8.GetString(puts.Last().Step.Bytes).Contains("uid-web", StringComparison.Ordinal)).Select(puts => puts.Key);

    private Condition? Condition() => rig.Stored.Status?.Conditions.Of(ConditionTypes.RemovalHeld);
}
