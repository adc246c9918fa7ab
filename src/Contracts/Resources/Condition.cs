using System.Text.Json.Serialization;
using Harmony.Fleet.Contracts.Wire;

namespace Harmony.Fleet.Contracts.Resources;

/// <summary>One observed truth of a resource, as in Kubernetes' <c>metav1.Condition</c>.</summary>
public sealed record Condition
{
    /// <summary>Which truth, for example <c>Converged</c>. See <see cref="ConditionTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary><c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    public required ConditionStatus Status { get; init; }

    /// <summary>One CamelCase word for programs.</summary>
    public string Reason { get => field ?? string.Empty; init; }

    /// <summary>One sentence for people.</summary>
    public string Message { get => field ?? string.Empty; init; }

    /// <summary>When <see cref="Status"/> last changed; not when it was last checked.</summary>
    public DateTimeOffset LastTransitionTime { get; init; }

    /// <summary>The generation of the spec that was looked at.</summary>
    public long ObservedGeneration { get; init; }
}

/// <summary>Whether a condition holds.</summary>
[JsonConverter(typeof(TolerantEnumConverter<ConditionStatus>))]
public enum ConditionStatus
{
    /// <summary>It cannot be told.</summary>
    Unknown,

    /// <summary>It holds.</summary>
    True,

    /// <summary>It does not hold.</summary>
    False,
}

/// <summary>The condition types that the operator writes.</summary>
public static class ConditionTypes
{
    /// <summary>Deployment: the observed generation is the current one and every matched reachable device has succeeded.</summary>
    public const string Converged = "Converged";

    /// <summary>Deployment: its selector matches no device.</summary>
    public const string NoDevices = "NoDevices";

    /// <summary>Deployment: a change would remove it from many devices at once; nothing is removed until that is approved.</summary>
    public const string RemovalHeld = "RemovalHeld";

    /// <summary>Deployment or Device: the resource cannot be used as it is; the message says why.</summary>
    public const string Invalid = "Invalid";

    /// <summary>Deployment or Device: the operator failed over it by a fault of its own, and tries again; everything else goes on.</summary>
    public const string ReconcileFailed = "ReconcileFailed";

    /// <summary>Device: heartbeats arrive.</summary>
    public const string Reachable = "Reachable";

    /// <summary>Device: it refused its manifest; the message says why.</summary>
    public const string ManifestRefused = "ManifestRefused";

    /// <summary>Device: what it holds is not known, so that it is given no manifest before it reports.</summary>
    public const string AwaitingReport = "AwaitingReport";

    /// <summary>Device: it holds a manifest that the control plane does not know, and runs what was lost or cannot be judged: it is given no other one, so that nothing is taken from it.</summary>
    public const string IntentLost = "IntentLost";

    /// <summary>Device: more deployments match it than one device may have.</summary>
    public const string TooManyDeployments = "TooManyDeployments";

    /// <summary>Device: two running agents present this identity.</summary>
    public const string DuplicateIdentity = "DuplicateIdentity";

    /// <summary>Device: something is not well on it, by what it says itself; the message says what that means.</summary>
    public const string Unhealthy = "Unhealthy";

    /// <summary>Device: some of its labels were left out; the message says which, and why.</summary>
    public const string LabelsRejected = "LabelsRejected";
}
