using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Scores;

namespace Harmony.Fleet.Contracts.Resources;

/// <summary>What should run, and on which devices. Namespaced.</summary>
public sealed record Deployment : IResource
{
    /// <inheritdoc/>
    public string ApiVersion { get => field ?? ApiGroup.Version; init; }

    /// <inheritdoc/>
    public string Kind { get => field ?? nameof(Deployment); init; }

    /// <inheritdoc/>
    public ObjectMeta Metadata { get => field ?? new(); init; }

    /// <summary>Intent.</summary>
    public DeploymentSpec Spec { get => field ?? new(); init; }

    /// <summary>What the operator observed; null until it has looked.</summary>
    public DeploymentStatus? Status { get; init; }
}

/// <summary>The intent of a Deployment.</summary>
public sealed record DeploymentSpec
{
    /// <summary>Which devices, by their labels. Required: one that is left out, or null, means no device and is refused; <c>{}</c> means all of them.</summary>
    public LabelSelector? TargetSelector { get; init; }

    /// <summary>What should stand on each of them.</summary>
    public ReconcileScore Score { get => field ?? new(); init; }
}

/// <summary>What the operator observed of a Deployment.</summary>
public sealed record DeploymentStatus
{
    /// <summary>The generation of the spec that this status speaks of.</summary>
    public long ObservedGeneration { get; init; }

    /// <summary>The devices, counted.</summary>
    public DeploymentAggregate Aggregate { get => field ?? new(); init; }

    /// <summary>From how many devices its removal is held until somebody approves it. Left out where from none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int RemovalHeldCount { get; init; }

    /// <summary>The number of the hold that <see cref="RemovalHeldCount"/> tells of, which an approval names; also while what was approved is being carried out. Each has a higher one. 0, and left out, where there is none, or it is over.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long RemovalHold { get; init; }

    /// <summary>From how many devices it was removed of late by a change of its selector, or of their labels, and their manifests stored: an operator that begins holds the next one back by that. Null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RecentRemovals? RecentRemovals { get; init; }

    /// <summary>Converged, NoDevices, Invalid, ReconcileFailed, RemovalHeld, AwaitingReport.</summary>
    public ImmutableArray<Condition> Conditions { get => field.IsDefault ? [] : field; init; }
}

/// <summary>Removals that count for ten minutes with what is to be removed next.</summary>
public sealed record RecentRemovals
{
    /// <summary>From how many devices.</summary>
    public int Count { get; init; }

    /// <summary>When it was removed from the last of them.</summary>
    public DateTimeOffset At { get; init; }
}

/// <summary>The matched devices of a Deployment, each counted in exactly one of the four states.</summary>
public sealed record DeploymentAggregate
{
    /// <summary>How many devices the selector matches.</summary>
    public int MatchedDeviceCount { get; init; }

    /// <summary>Reachable, and Running with the uid and score digest that their manifest names.</summary>
    public int Succeeded { get; init; }

    /// <summary>Of those that succeeded: how many are done with it, because all of its containers were to end, and ended well. Left out where none is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Completed { get; init; }

    /// <summary>Reachable, and Failed with the current score.</summary>
    public int Failed { get; init; }

    /// <summary>Reachable, and on their way.</summary>
    public int Pending { get; init; }

    /// <summary>Not reachable: what they run cannot be told.</summary>
    public int Unreachable { get; init; }

    /// <summary>The newest error of any matched device, or null.</summary>
    public DeviceError? LastError { get; init; }

    /// <summary>Whether all that succeeded are done with it: nothing runs any more, and nothing will.</summary>
    public bool HasCompleted() => Succeeded > 0 && Completed == Succeeded;
}

/// <summary>What went wrong on one device.</summary>
public sealed record DeviceError
{
    /// <summary>Which device.</summary>
    public required DeviceId Device { get; init; }

    /// <summary>One sentence, at most 512 bytes.</summary>
    public required string Message { get; init; }

    /// <summary>When the device met it, by its own clock.</summary>
    public required DateTimeOffset At { get; init; }
}
