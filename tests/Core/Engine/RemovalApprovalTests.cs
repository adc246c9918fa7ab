using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>What is approved, by the annotation that <c>fleet approve</c> writes for what the status tells.</summary>
public sealed class RemovalApprovalTests : LossScenario
{
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

        Rig.Step(TimeSpan.FromMinutes(minutesLater));
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
        Restart(
            Rig.Now, [WithApproval(Rig.Stored, Approval())],
            [.. Enumerable.Range(11, 30).Select(number => number <= 18 ? Relabelled(number) : Device(Name(number)))],
            [.. Enumerable.Range(11, 30).Select(number => Seen(Name(number), Present()))]);

        Condition().ShouldBeNull();
        Without().Count().ShouldBe(8);
    }

    /// <summary>Thirty are approved and written; the power goes, and the bus loses that, but not the store. It is approved once more, and goes.</summary>
    [Fact]
    public void ApprovedAndWrittenAndLostByTheBus_IsApprovedAnew()
    {
        var moved = Deployment("web", "nowhere", generation: 2);
        var approved = WithApproval(moved, "2/30/1") with { Status = new() { RemovalHold = 1, RecentRemovals = new() { Count = 30, At = Rig.Now } } };
        Rig.Step([new FleetEvent.TermBegan(3), new FleetEvent.LinkChanged(IsUp: true, 1), .. Listed([approved]), .. Listed(Names(30).Select(name => Device(name)))]);
        Rig.Answer<FleetEffect.EnsureBuckets>(_ => new EffectResult.BucketsEnsured(BucketsFound.AsTheyWere));
        Rig.Step([.. Names(30).Select(name => Seen(name, Present())), .. CaughtUp()]);
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
        Rig.Step(new FleetEvent.DeploymentSeen(WithApproval(Deployment("web"), "1/12")));
        Settle();

        Without().ShouldBeEmpty();
        Condition()!.Message.ShouldEndWith(" The approval 1/12 counts for nothing: it does not say of which hold. Approve it with a fleet of this version, or as 1/12/1.");
    }

    /// <summary>One device that takes a label on and off is no reason to hold what an administrator does to another.</summary>
    [Fact]
    public void OneDeviceThatComesAndGoes_HoldsUpNoOther()
    {
        Rig.Begin([Deployment("web")], [.. Names(20).Select(name => Device(name)), Device("pi-99") with { Spec = new() }]);
        Settle();
        for (var turn = 1; turn <= 11; turn++)
        {
            Rig.Step(Rig.Info("pi-99", new(5, 2 * turn), "a"), Runs("pi-99", (2 * turn) - 1));
            Settle();
            Rig.Step(Rig.Info("pi-99", new(5, (2 * turn) + 1), "b"));
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
        Rig.Step(new FleetEvent.DeploymentSeen(Deployment("web", "nowhere", generation: 2)));
        Rig.Settle();
        Rig.Step(TimeSpan.FromSeconds(2));
        var patch = Rig.Open.OfType<FleetEffect.PatchDeploymentStatus>().Single();
        Rig.Open.Remove(patch);
        var eleven = patch.Resource with { Metadata = patch.Resource.Metadata with { ResourceVersion = "11" } };
        var twelve = WithApproval(eleven, "2/30/1");
        twelve = twelve with { Metadata = twelve.Metadata with { ResourceVersion = "12" } };

        // Nothing of it is written yet: the bus is slow.
        FleetEvent seen = new FleetEvent.DeploymentSeen(twelve), answer = new FleetEvent.Finished(patch, new EffectResult.DeploymentStored(eleven));
        Rig.Step(isAnswerLast ? [seen, answer] : [answer, seen]);
        Settle();

        Without().Count().ShouldBe(30);
    }

    /// <summary>Twelve are approved and go. Later as many others, or the same ones again, are to lose it: in the same run of the operator, or in the next one.</summary>
    [Theory]
    [InlineData(13, 0, false, false)]
    [InlineData(13, 60, false, false)]
    [InlineData(13, 60, true, false)]
    [InlineData(13, 60, true, true)]
    [InlineData(1, 0, false, false)]
    public void ApprovalThatWasUsed_ApprovesNothingElse(int first, int minutesLater, bool isWrittenInBetween, bool isRestarted)
    {
        Begin(40);
        Relabel(1, 12);
        Approve(Rig.Stored).ShouldBe("1/12/1");
        Without().Count().ShouldBe(12);
        (Rig.Stored.Status!.RemovalHold, Rig.Stored.Status.RecentRemovals!.Count).ShouldBe((0, 12), "it is over");
        Rig.Step(TimeSpan.FromMinutes(minutesLater));
        Settle();
        if (isWrittenInBetween)
        {
            Rig.Step(new FleetEvent.DeploymentSeen(WithApproval(Rig.Stored, "1/12/1")));
            Settle();
        }

        if (isRestarted)
        {
            Restart(Rig.Now, [Rig.Stored], [.. Enumerable.Range(1, 40).Select(number => number <= 12 ? Relabelled(number) : Device(Name(number)))], [.. Names(40).Skip(12).Select(name => Seen(name, Present()))]);
        }

        if (first == 1)
        {
            Rig.Step([.. Enumerable.Range(1, 12).Select(number => new FleetEvent.DeviceSeen(At(Device(Name(number)), 10_000_000)))]);
            Settle();
            Without().ShouldBeEmpty();
        }

        Rig.Step([.. Enumerable.Range(first, 12).Select(number => new FleetEvent.DeviceSeen(At(Relabelled(number), 20_000_000)))]);
        Settle();

        Without().Count(device => Number(device) >= first).ShouldBe(0, "nobody approved that");
        Condition().ShouldNotBeNull();
        Rig.Stored.Status!.RemovalHold.ShouldBe(2);
    }

    /// <summary>What is held comes back before the approval is written: nothing is held then. The next twelve are others.</summary>
    [Fact]
    public void ApprovalOfAHoldThatEndedByItself_ApprovesNotTheNextOne()
    {
        Begin(40);
        Relabel(1, 12);
        Rig.Step([.. Enumerable.Range(1, 12).Select(number => new FleetEvent.DeviceSeen(At(Device(Name(number)), 10_000_000)))]);
        Settle();
        Condition().ShouldBeNull();
        Rig.Step(new FleetEvent.DeploymentSeen(WithApproval(Rig.Stored, "1/12/1")));
        Settle();
        Relabel(21, 12);

        Without().ShouldBeEmpty("that was approved of others");
    }

    /// <summary>What a status tells may be of the generation before, and of other devices than those that are held now.</summary>
    [Fact]
    public void ApprovalOfWhatAStatusOfTheGenerationBeforeTells_ApprovesNothing()
    {
        Rig.Begin([Deployment("web")], [.. Enumerable.Range(1, 60).Select(number => On(number, number == 1 ? "none" : number <= 31 ? "left" : "right"))]);
        Settle();
        Rig.Step(new FleetEvent.DeploymentSeen(Selecting("right", 2)));
        Settle();
        var shown = Rig.Stored.Status!;
        (shown.RemovalHeldCount, shown.RemovalHold).ShouldBe((31, 1));
        Rig.Step(new FleetEvent.DeploymentSeen(Selecting("left", 3) with { Status = shown }));
        Rig.Step(new FleetEvent.DeploymentSeen(WithApproval(Selecting("left", 3), "3/31/1") with { Status = shown }));
        Settle();

        Without().ShouldBeEmpty("what was shown was the removal from other devices");
    }

    /// <summary>Twelve are approved; the bus is slow, so that no manifest is written yet; the status is. The operator is killed.</summary>
    [Fact]
    public void ApprovedAndTold_AndKilledBeforeAnyManifestIsWritten_GoesWithTheNextOperator()
    {
        Begin(40);
        Relabel(1, 12);
        Rig.Step(new FleetEvent.DeploymentSeen(WithApproval(Rig.Stored, Approval())));
        Rig.Step(TimeSpan.FromSeconds(2));
        var told = Rig.Open.OfType<FleetEffect.PatchDeploymentStatus>().Last().Resource;
        Rig.Open.OfType<FleetEffect.PutManifest>().Count().ShouldBe(12);
        (told.Status!.RemovalHold, told.Status.RecentRemovals).ShouldBe((1, null));
        Restart(Rig.Now, [told], [.. Enumerable.Range(1, 40).Select(number => number <= 12 ? Relabelled(number) : Device(Name(number)))], [.. Names(40).Select(name => Seen(name, Present()))]);

        (Without().Count(), Condition()).ShouldBe((12, null));
        Rig.Stored.Status!.RemovalHold.ShouldBe(0);
    }

    /// <summary>Somebody writes the largest number that is read.</summary>
    [Theory]
    [InlineData("999999999999999")]
    [InlineData("999999999999999999")]
    public void ApprovalOfTheLargestNumber_LeavesNumbersForTheNextHold(string number)
    {
        Rig.Begin([WithApproval(Deployment("web"), $"1/5/{number}")], [.. Names(40).Select(name => Device(name))]);
        Settle();
        Relabel(1, 12);
        Condition().ShouldNotBeNull();
        Approve(Rig.Stored);

        (Without().Count(), Condition()).ShouldBe((12, null));
    }

    private string Approval() => $"{Rig.Stored.Metadata.Generation}/{Rig.Stored.Status!.RemovalHeldCount}/{Rig.Stored.Status.RemovalHold}";

    private string Approve(Deployment present)
    {
        var approval = Approval();
        Rig.Step(new FleetEvent.DeploymentSeen(WithApproval(present, approval)));
        Settle();
        return approval;
    }

    private static Device At(Device device, int version) => device with { Metadata = device.Metadata with { ResourceVersion = $"{version}" } };

    private static Device On(int number, string side)
    {
        var device = Device(Name(number));
        return device with { Spec = device.Spec with { Labels = device.Spec.Labels.SetItem("side", side) } };
    }

    private static Deployment Selecting(string side, long generation) => Deployment("web", generation: generation) with
    {
        Spec = Deployment("web").Spec with { TargetSelector = new() { MatchExpressions = [new() { Key = "side", Operator = "In", Values = [side] }] } },
    };

    private FleetEvent.ReportHeard Runs(string device, long sequence)
    {
        var entry = Present();
        var runs = new DeploymentReport { Namespace = entry.Namespace, Name = entry.Name, Uid = entry.Uid, ScoreDigest = entry.ScoreDigest, Phase = Phase.Running, Since = Rig.Now };
        return new FleetEvent.ReportHeard(new DeviceReport { Device = DeviceId.Parse(device), Instance = "run", Boot = 5, Sequence = sequence, At = Rig.Now, Deployments = [runs] }, Rig.Now);
    }
}
