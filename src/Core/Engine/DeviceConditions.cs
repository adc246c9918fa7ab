using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Devices;
using Harmony.Fleet.Core.Reconciling;

namespace Harmony.Fleet.Core.Engine;

/// <summary>The conditions of a Device. But for Reachable each appears when it first holds, so that a healthy device has one.</summary>
internal static class DeviceConditions
{
    private const string Outdated = "DocumentsOutdated";
    private const int MaxErrorsTold = 5;
    private const int MaxFlagLength = 64;

    /// <summary>The conditions after <paramref name="present"/>; the same array where none changed.</summary>
    public static ImmutableArray<Condition> Next(ImmutableArray<Condition> present, DeviceEntry entry, bool isReachable, DateTimeOffset now)
    {
        var next = present.With(Reachable(present, entry, isReachable), now);
        next = Mention(next, Invalid(entry), ConditionTypes.Invalid, now);
        next = Mention(next, entry.Trouble.Fault?.ToCondition(), ConditionTypes.ReconcileFailed, now);
        next = Mention(next, Refused(entry), ConditionTypes.ManifestRefused, now);
        next = Mention(next, Unjudged(entry), ConditionTypes.IntentLost, now);
        next = Mention(next, Awaiting(entry), ConditionTypes.AwaitingReport, now);
        next = Mention(next, Overflow(entry), ConditionTypes.TooManyDeployments, now);
        next = Mention(next, Duplicate(entry), ConditionTypes.DuplicateIdentity, now);
        next = !entry.HasInfo ? next : Mention(next, Unhealthy(entry.Trouble.HealthFlags), ConditionTypes.Unhealthy, now); // After a start it is not known yet.
        return Mention(next, Rejected(entry.Trouble), ConditionTypes.LabelsRejected, now);
    }

    private static Condition Reachable(ImmutableArray<Condition> present, DeviceEntry entry, bool isReachable)
    {
        if (isReachable)
        {
            return Of(ConditionTypes.Reachable, ConditionStatus.True, "HeartbeatsArrive", string.Empty);
        }

        if (entry is { Trouble.Outdated: { } outdated, News.Progress: { } known })
        {
            var words = outdated.IsKnown ? $"is of boot {outdated.Boot}" : "does not count the starts of its agent";
            return Of(ConditionTypes.Reachable, ConditionStatus.False, Outdated, $"What arrives {words}, and boot {known.Boot} is known: somebody puts old documents again, its agent is older than before, or its state was lost while its clock is behind. It is heard again when its clock is right. To begin with it anew, delete the Device.");
        }

        // An operator before found that out. What counts since then would say otherwise.
        if (entry is { WasSeen: false, News.IsUnstored: false } && present.Of(ConditionTypes.Reachable) is { Status: ConditionStatus.False, Reason: Outdated } found)
        {
            return found;
        }

        return entry.WasSeen || present.Of(ConditionTypes.Reachable) is { Status: not ConditionStatus.Unknown }
            ? Of(ConditionTypes.Reachable, ConditionStatus.False, "HeartbeatsMissed", "No heartbeat has arrived for three intervals.")
            : Of(ConditionTypes.Reachable, ConditionStatus.Unknown, "NeverSeen", "The device has not been heard of yet.");
    }

    private static Condition? Invalid(DeviceEntry entry) => entry.Trouble.Errors.IsEmpty
        ? null
        : True(ConditionTypes.Invalid, "ValidationFailed", string.Join("; ", entry.Trouble.Errors.Take(MaxErrorsTold)));

    private static Condition? Refused(DeviceEntry entry) => entry.Trouble switch
    {
        { Stuck: { } stuck } => True(ConditionTypes.ManifestRefused, "OutOfBounds", stuck),
        { Refusal: { } refusal } => True(ConditionTypes.ManifestRefused, refusal.Reason.ToString(), ErrorText.Cut(refusal.Message)),
        _ => null,
    };

    private static Condition? Unjudged(DeviceEntry entry) => entry.Trouble.Unjudged is not { } unjudged ? Unknown(entry)
        : True(ConditionTypes.IntentLost, "ManifestHeld", $"It says that it runs {unjudged}, by a manifest that this control plane does not know. The store does not hold that, or cannot judge it, and does not know it to have been deleted: the device is given no manifest, so that nothing is taken from it. 'fleet recover' shows what was lost.");

    private static Condition? Unknown(DeviceEntry entry) => entry.Trouble.Unknown is { } unknown
        ? True(ConditionTypes.IntentLost, "VersionUnknown", $"It says that it runs {unknown} in a version that this control plane does not know, by a manifest that it does not know either. That does not match the device, and its removal is held: the device is given no manifest, so that nothing is taken from it, until somebody approves the removal (fleet approve deployment) or the deployment matches the device again.")
        : null;

    private static Condition? Awaiting(DeviceEntry entry) => entry.Trouble.Awaited switch
    {
        { IsTold: true, Older: { } older } => True(ConditionTypes.AwaitingReport, "OlderManifest", $"Its manifest names {older} in another version than that has now, and the removal from it is held. It may hold a newer manifest, and would go back to that version: it is given nothing until it reports what it holds."),
        { IsTold: true } => True(ConditionTypes.AwaitingReport, "ManifestLost", "There is no manifest for it, and it has spoken before: what it holds is not known. It is given nothing until it reports that, which it does within twelve minutes while its agent runs."),
        _ => null,
    };

    private static Condition? Overflow(DeviceEntry entry) => entry.Trouble.Overflow == 0
        ? null
        : True(ConditionTypes.TooManyDeployments, "NoPlace", $"{entry.Trouble.Overflow} deployments match and have no place: a device may have 64; the oldest have theirs.");

    private static Condition? Duplicate(DeviceEntry entry) => entry.Instances.IsDuplicate
        ? True(ConditionTypes.DuplicateIdentity, "TwoInstances", "Two running agents present this identity, for example after a disk was copied: enrol one of them anew.")
        : null;

    /// <summary>What a device says of itself is any text: no other words than those of an agent are passed on.</summary>
    private static Condition? Unhealthy(ImmutableArray<string> said)
    {
        var flags = said.Where(flag => flag is { Length: > 0 and <= MaxFlagLength } && flag.All(char.IsAsciiLetterOrDigit)).Take(MaxErrorsTold).ToArray();
        return flags.Length == 0 ? null : True(ConditionTypes.Unhealthy, flags[0], string.Join(' ', flags.Select(Meaning)));
    }

    private static string Meaning(string flag) => flag switch
    {
        "PodmanUnavailable" => "Podman does not answer: nothing is started or changed there.",
        "StateCorrupt" => "The kept manifest was damaged: what stands stays as it is until the device has fetched it anew.",
        "StateNotWritable" => "The device cannot write its state, so that it takes no new manifest: look at its disk.",
        "ScoresNotKept" => "A score could not be kept on the device: its next start without a network would miss it. Look at its disk.",
        _ => $"The device says {flag}.",
    };

    private static Condition? Rejected(DeviceTrouble trouble) => trouble is { RejectedReported.IsEmpty: true, RejectedSpec.IsEmpty: true }
        ? null
        : True(ConditionTypes.LabelsRejected, "LeftOut", string.Join("; ", trouble.RejectedReported.Concat(trouble.RejectedSpec).Take(LabelProjection.MaxRejectedTold)));

    private static ImmutableArray<Condition> Mention(ImmutableArray<Condition> present, Condition? holds, string type, DateTimeOffset now) =>
        holds is not null ? present.With(holds, now)
        : present.Of(type) is null ? present
        : present.With(Of(type, ConditionStatus.False, "Overcome", string.Empty), now);

    private static Condition True(string type, string reason, string message) => Of(type, ConditionStatus.True, reason, message);

    private static Condition Of(string type, ConditionStatus status, string reason, string message) =>
        new() { Type = type, Status = status, Reason = reason, Message = message };
}
