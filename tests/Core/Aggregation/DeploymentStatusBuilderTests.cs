using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Aggregation;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Fields;

namespace Harmony.Fleet.Tests.Core.Aggregation;

public sealed class DeploymentStatusBuilderTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    public static TheoryData<DeploymentAggregate, ConditionStatus, string> Aggregates => new()
    {
        { new(), ConditionStatus.False, "NoDevices" },
        { new() { MatchedDeviceCount = 2, Unreachable = 2 }, ConditionStatus.Unknown, "NoneReachable" },
        { new() { MatchedDeviceCount = 3, Succeeded = 1, Pending = 1, Unreachable = 1 }, ConditionStatus.False, "Progressing" },
        { new() { MatchedDeviceCount = 3, Succeeded = 1, Pending = 1, Failed = 1 }, ConditionStatus.False, "DevicesFailed" },
        { new() { MatchedDeviceCount = 3, Succeeded = 3 }, ConditionStatus.True, "AllSucceeded" },
        { new() { MatchedDeviceCount = 3, Succeeded = 1, Unreachable = 2 }, ConditionStatus.True, "AllSucceeded" },
        { new() { MatchedDeviceCount = 3, Succeeded = 3, Completed = 2 }, ConditionStatus.True, "AllSucceeded" },
        { new() { MatchedDeviceCount = 3, Succeeded = 2, Completed = 2, Unreachable = 1 }, ConditionStatus.True, "AllCompleted" },
        { new() { MatchedDeviceCount = 3, Succeeded = 2, Completed = 2, Pending = 1 }, ConditionStatus.False, "Progressing" },
    };

    [Theory]
    [MemberData(nameof(Aggregates))]
    public void Build_Aggregate_ConvergedSaysWhatIsTrue(DeploymentAggregate aggregate, ConditionStatus status, string reason)
    {
        var converged = Build(null, aggregate).Conditions.Of(ConditionTypes.Converged)!;

        (converged.Status, converged.Reason, converged.ObservedGeneration).ShouldBe((status, reason, 1));
    }

    [Theory]
    [InlineData(1, 0, 0, "The 1 reachable device has succeeded.")]
    [InlineData(2, 0, 0, "All 2 reachable devices have succeeded.")]
    [InlineData(0, 1, 0, "0 of 1 reachable device succeeded.")]
    [InlineData(0, 0, 1, "1 of 1 reachable device failed.")]
    [InlineData(1, 0, 1, "1 of 2 reachable devices failed.")]
    public void Build_OfOneDevice_SpeaksOfOne(int succeeded, int pending, int failed, string message) =>
        Build(null, new() { MatchedDeviceCount = succeeded + pending + failed, Succeeded = succeeded, Pending = pending, Failed = failed })
            .Conditions.Of(ConditionTypes.Converged)!.Message.ShouldBe(message);

    public static TheoryData<DeploymentAggregate, string> Texts => new()
    {
        { new(), "Converged=False NoDevices: The selector matches no device. NoDevices=True SelectorMatchesNone: The selector matches no device." },
        { new() { MatchedDeviceCount = 2, Unreachable = 2 }, "Converged=Unknown NoneReachable: No matched device is reachable. NoDevices=False DevicesMatch: " },
        { new() { MatchedDeviceCount = 3, Succeeded = 3 }, "Converged=True AllSucceeded: All 3 reachable devices have succeeded. NoDevices=False DevicesMatch: " },
        { new() { MatchedDeviceCount = 1, Succeeded = 1, Completed = 1 }, "Converged=True AllCompleted: The 1 reachable device has completed. NoDevices=False DevicesMatch: " },
        { new() { MatchedDeviceCount = 4, Succeeded = 1, Pending = 2, Unreachable = 1 }, "Converged=False Progressing: 1 of 3 reachable devices succeeded. NoDevices=False DevicesMatch: " },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Build_Aggregate_SaysItInTheseWords(DeploymentAggregate aggregate, string text) =>
        string.Join(' ', Build(null, aggregate).Conditions.Select(condition => $"{condition.Type}={condition.Status} {condition.Reason}: {condition.Message}")).ShouldBe(text);

    [Fact]
    public void Build_FaultOrHeldRemoval_IsAConditionUntilItIsOver()
    {
        var aggregate = new DeploymentAggregate { MatchedDeviceCount = 1, Succeeded = 1 };
        var fault = new Condition { Type = ConditionTypes.ReconcileFailed, Status = ConditionStatus.True, Message = "a bug" };
        var held = new HeldRemoval(7, new Condition { Type = ConditionTypes.RemovalHeld, Status = ConditionStatus.True, Message = "from 7" });

        var status = DeploymentStatusBuilder.Build(null, 2, aggregate, [], Start, fault, held, hold: 3);

        status.Conditions.Of(ConditionTypes.ReconcileFailed).ShouldBe(fault with { ObservedGeneration = 2, LastTransitionTime = Start });
        status.Conditions.Of(ConditionTypes.RemovalHeld).ShouldBe(held.Condition with { ObservedGeneration = 2, LastTransitionTime = Start });
        status.Conditions.ShouldAllBe(condition => condition.ObservedGeneration == 2);
        (status.RemovalHeldCount, status.RemovalHold).ShouldBe((7, 3));

        var after = DeploymentStatusBuilder.Build(status, 2, aggregate, [], Start);
        after.Conditions.Select(condition => condition.Type).ShouldBe([ConditionTypes.Converged, ConditionTypes.NoDevices]);
        (after.RemovalHeldCount, after.RemovalHold).ShouldBe((0, 3), "nothing is known of it");
        DeploymentStatusBuilder.Build(status, 2, aggregate, [], Start, hold: 0).RemovalHold.ShouldBe(0, "it is over");
    }

    [Fact]
    public void Build_ManyErrors_TellsFiveOfThem()
    {
        var status = DeploymentStatusBuilder.Build(null, 1, new(), [.. Enumerable.Range(1, 6).Select(number => new FieldError($"f{number}", "bad"))], Start);

        var invalid = status.Conditions.Of(ConditionTypes.Invalid)!;
        (invalid.Status, invalid.Reason, invalid.Message).ShouldBe((ConditionStatus.True, "ValidationFailed", "f1: bad; f2: bad; f3: bad; f4: bad; f5: bad"));
        var converged = status.Conditions.Of(ConditionTypes.Converged)!;
        (converged.Reason, converged.Message).ShouldBe(("Invalid", "The resource cannot be carried out as it is."));
    }

    [Fact]
    public void Build_Again_IsEqualAndKeepsTheTransition()
    {
        var first = Build(null, new() { MatchedDeviceCount = 1, Pending = 1 });
        var again = Build(first, new() { MatchedDeviceCount = 1, Pending = 1 }, second: 5);
        again.ShouldBe(first);

        var failed = Build(again, new() { MatchedDeviceCount = 1, Failed = 1 }, second: 6);
        failed.Conditions.Of(ConditionTypes.Converged)!.LastTransitionTime.ShouldBe(Start);

        var done = Build(failed, new() { MatchedDeviceCount = 1, Succeeded = 1 }, second: 7);
        done.Conditions.Of(ConditionTypes.Converged)!.LastTransitionTime.ShouldBe(Start.AddSeconds(7));
        done.Conditions.Of(ConditionTypes.NoDevices)!.LastTransitionTime.ShouldBe(Start);
    }

    [Fact]
    public void Build_Invalid_SaysWhyAndIsNeverConverged()
    {
        var aggregate = new DeploymentAggregate { MatchedDeviceCount = 1, Succeeded = 1 };
        var status = DeploymentStatusBuilder.Build(null, 2, aggregate, [new("spec.score", "Required value: x")], Start);

        status.Conditions.Of(ConditionTypes.Invalid)!.Message.ShouldBe("spec.score: Required value: x");
        status.Conditions.Of(ConditionTypes.Converged)!.Status.ShouldBe(ConditionStatus.False);
        status.ObservedGeneration.ShouldBe(2);

        var mended = DeploymentStatusBuilder.Build(status, 3, aggregate, [], Start);
        mended.Conditions.Of(ConditionTypes.Invalid).ShouldBeNull();
        mended.Conditions.Of(ConditionTypes.Converged)!.Status.ShouldBe(ConditionStatus.True);
    }

    [Fact]
    public void Build_SelectorMatchesNone_HasTheConditionNoDevices()
    {
        Build(null, new()).Conditions.Of(ConditionTypes.NoDevices)!.Status.ShouldBe(ConditionStatus.True);
        Build(null, new() { MatchedDeviceCount = 1 }).Conditions.Of(ConditionTypes.NoDevices)!.Status.ShouldBe(ConditionStatus.False);
    }

    [Fact]
    public void With_SameCondition_GivesTheSameArrayBack()
    {
        ImmutableArray<Condition> none = [];
        var one = none.With(new() { Type = "A", Status = ConditionStatus.True }, Start);
        one.With(new() { Type = "A", Status = ConditionStatus.True }, Start.AddSeconds(1)).ShouldBe(one);
        (one.With(new() { Type = "A", Status = ConditionStatus.True }, Start.AddSeconds(1)) == one).ShouldBeTrue();
        one.Without("B").ShouldBe(one);
        one.Without("A").ShouldBeEmpty();
    }

    private static DeploymentStatus Build(DeploymentStatus? previous, DeploymentAggregate aggregate, int second = 0) =>
        DeploymentStatusBuilder.Build(previous, 1, aggregate, ImmutableArray<FieldError>.Empty, Start.AddSeconds(second));
}
