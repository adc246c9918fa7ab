using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Fields;

namespace Harmony.Fleet.Core.Aggregation;

/// <summary>The status of a Deployment. It equals the previous one where nothing changed.</summary>
public static class DeploymentStatusBuilder
{
    private const int MaxErrorsTold = 5;

    /// <summary>The status after <paramref name="previous"/>.</summary>
    /// <param name="previous">What is stored; null for nothing yet.</param>
    /// <param name="generation">The generation that was looked at.</param>
    /// <param name="aggregate">The counts of what is carried out: of the last valid version, where this one is not.</param>
    /// <param name="errors">What is wrong with the resource; empty for nothing.</param>
    /// <param name="now">The time of a transition.</param>
    /// <param name="fault">What the operator itself failed at over it, as a condition; null for nothing.</param>
    /// <param name="held">That its removal from devices is held; null where it is not.</param>
    /// <param name="hold">The number of the hold, from 1, also of one that was approved and is being carried out; 0 where it is over; null where nothing is known of it but what is stored.</param>
    /// <param name="recent">From how many devices it was removed of late; null for none.</param>
    /// <param name="awaits">That its deletion waits for a device; null where it does not.</param>
    public static DeploymentStatus Build(
        DeploymentStatus? previous, long generation, DeploymentAggregate aggregate, ImmutableArray<FieldError> errors, DateTimeOffset now, Condition? fault = null, HeldRemoval? held = null, long? hold = null, RecentRemovals? recent = null, Condition? awaits = null)
    {
        var conditions = previous?.Conditions ?? [];
        var invalid = Invalid(errors);
        conditions = invalid is null
            ? conditions.Without(ConditionTypes.Invalid)
            : conditions.With(invalid with { ObservedGeneration = generation }, now);
        conditions = fault is null ? conditions.Without(ConditionTypes.ReconcileFailed) : conditions.With(fault with { ObservedGeneration = generation }, now);
        conditions = held is null ? conditions.Without(ConditionTypes.RemovalHeld) : conditions.With(held.Condition with { ObservedGeneration = generation }, now);
        conditions = awaits is null ? conditions.Without(ConditionTypes.AwaitingReport) : conditions.With(awaits with { ObservedGeneration = generation }, now);
        conditions = conditions.With(Converged(aggregate, !errors.IsEmpty) with { ObservedGeneration = generation }, now);
        conditions = conditions.With(NoDevices(aggregate) with { ObservedGeneration = generation }, now);
        return new() { ObservedGeneration = generation, Aggregate = aggregate, RemovalHeldCount = held?.Count ?? 0, RemovalHold = hold ?? previous?.RemovalHold ?? 0, RecentRemovals = recent, Conditions = conditions };
    }

    private static Condition? Invalid(ImmutableArray<FieldError> errors) => errors.IsEmpty
        ? null
        : Of(ConditionTypes.Invalid, ConditionStatus.True, "ValidationFailed", string.Join("; ", errors.Take(MaxErrorsTold)));

    private static Condition NoDevices(DeploymentAggregate aggregate) => aggregate.MatchedDeviceCount == 0
        ? Of(ConditionTypes.NoDevices, ConditionStatus.True, "SelectorMatchesNone", "The selector matches no device.")
        : Of(ConditionTypes.NoDevices, ConditionStatus.False, "DevicesMatch", string.Empty);

    private static Condition Converged(DeploymentAggregate aggregate, bool invalid)
    {
        var reachable = aggregate.MatchedDeviceCount - aggregate.Unreachable;
        return (invalid, aggregate) switch
        {
            (true, _) => No("Invalid", "The resource cannot be carried out as it is."),
            (_, { MatchedDeviceCount: 0 }) => No("NoDevices", "The selector matches no device."),
            _ when reachable == 0 => Of(ConditionTypes.Converged, ConditionStatus.Unknown, "NoneReachable", "No matched device is reachable."),
            (_, { Failed: > 0 }) => No("DevicesFailed", $"{aggregate.Failed} of {Reachable(reachable)} failed."),
            (_, { Pending: > 0 }) => No("Progressing", $"{aggregate.Succeeded} of {Reachable(reachable)} succeeded."),
            _ when aggregate.HasCompleted() => Of(ConditionTypes.Converged, ConditionStatus.True, "AllCompleted", $"{All(reachable)} completed."),
            _ => Of(ConditionTypes.Converged, ConditionStatus.True, "AllSucceeded", $"{All(reachable)} succeeded."),
        };
    }

    private static string Reachable(int count) => count == 1 ? "1 reachable device" : $"{count} reachable devices";

    private static string All(int count) => count == 1 ? "The 1 reachable device has" : $"All {Reachable(count)} have";

    private static Condition No(string reason, string message) => Of(ConditionTypes.Converged, ConditionStatus.False, reason, message);

    private static Condition Of(string type, ConditionStatus status, string reason, string message) =>
        new() { Type = type, Status = status, Reason = reason, Message = message };
}

/// <summary>A removal that is held.</summary>
/// <param name="Count">From how many devices.</param>
/// <param name="Condition">It in words.</param>
public sealed record HeldRemoval(int Count, Condition Condition);
