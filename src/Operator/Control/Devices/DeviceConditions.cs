using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Reconciling;

namespace Harmony.Fleet.Operator.Control.Devices;

/// <summary>The conditions of a Device. But for Reachable each appears when it first holds, so that a healthy device has one.</summary>
internal static class DeviceConditions
{
    private const int MaxErrorsTold = 5;

    /// <summary>The conditions after <paramref name="present"/>; the same array where none changed.</summary>
    public static ImmutableArray<Condition> Next(ImmutableArray<Condition> present, DeviceRecord record, bool isReachable, DateTimeOffset now)
    {
        var next = present.With(Reachable(present, record, isReachable), now);
        next = Mention(next, Invalid(record), ConditionTypes.Invalid, now);
        next = Mention(next, Refused(record), ConditionTypes.ManifestRefused, now);
        next = Mention(next, Overflow(record), ConditionTypes.TooManyDeployments, now);
        next = Mention(next, Duplicate(record), ConditionTypes.DuplicateIdentity, now);
        return Mention(next, Rejected(record), ConditionTypes.LabelsRejected, now);
    }

    private static Condition Reachable(ImmutableArray<Condition> present, DeviceRecord record, bool isReachable)
    {
        if (isReachable)
        {
            return Of(ConditionTypes.Reachable, ConditionStatus.True, "HeartbeatsArrive", string.Empty);
        }

        return record.WasSeen || present.Of(ConditionTypes.Reachable) is { Status: not ConditionStatus.Unknown }
            ? Of(ConditionTypes.Reachable, ConditionStatus.False, "HeartbeatsMissed", "No heartbeat has arrived for three intervals.")
            : Of(ConditionTypes.Reachable, ConditionStatus.Unknown, "NeverSeen", "The device has not been heard of yet.");
    }

    private static Condition? Invalid(DeviceRecord record) => record.Errors.IsEmpty
        ? null
        : True(ConditionTypes.Invalid, "ValidationFailed", string.Join("; ", record.Errors.Take(MaxErrorsTold)));

    private static Condition? Refused(DeviceRecord record) => record switch
    {
        { Stuck: { } stuck } => True(ConditionTypes.ManifestRefused, "OutOfBounds", stuck),
        { Refusal: { } refusal } => True(ConditionTypes.ManifestRefused, refusal.Reason.ToString(), ErrorText.Cut(refusal.Message)),
        _ => null,
    };

    private static Condition? Overflow(DeviceRecord record) => record.Overflow == 0
        ? null
        : True(ConditionTypes.TooManyDeployments, "NoPlace", $"{record.Overflow} deployments match and have no place: a device may have 64; the oldest have theirs.");

    private static Condition? Duplicate(DeviceRecord record) => record.Instances.IsDuplicate
        ? True(ConditionTypes.DuplicateIdentity, "TwoInstances", "Two running agents present this identity, for example after a disk was copied: enrol one of them anew.")
        : null;

    private static Condition? Rejected(DeviceRecord record) => record.Labels is { Rejected: { IsEmpty: false } rejected }
        ? True(ConditionTypes.LabelsRejected, "LeftOut", string.Join("; ", rejected))
        : null;

    private static ImmutableArray<Condition> Mention(ImmutableArray<Condition> present, Condition? holds, string type, DateTimeOffset now) =>
        holds is not null ? present.With(holds, now)
        : present.Of(type) is null ? present
        : present.With(Of(type, ConditionStatus.False, "Overcome", string.Empty), now);

    private static Condition True(string type, string reason, string message) => Of(type, ConditionStatus.True, reason, message);

    private static Condition Of(string type, ConditionStatus status, string reason, string message) =>
        new() { Type = type, Status = status, Reason = reason, Message = message };
}
