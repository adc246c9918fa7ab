using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;

namespace Harmony.Fleet.Contracts.Resources;

/// <summary>A machine of the fleet. Cluster-scoped, like a Kubernetes Node; its name is its <see cref="Names.DeviceId"/>.</summary>
/// <remarks>metadata.labels is the operator's projection: the device's reported labels, overridden by the administrator's, and the control plane's own.</remarks>
public sealed record Device : IResource
{
    /// <inheritdoc/>
    public string ApiVersion { get => field ?? ApiGroup.Version; init; }

    /// <inheritdoc/>
    public string Kind { get => field ?? nameof(Device); init; }

    /// <inheritdoc/>
    public ObjectMeta Metadata { get => field ?? new(); init; }

    /// <summary>Intent of the administrator.</summary>
    public DeviceSpec Spec { get => field ?? new(); init; }

    /// <summary>What the operator observed; null until it has looked.</summary>
    public DeviceStatus? Status { get; init; }
}

/// <summary>What the administrator says of a device, and what it is made of.</summary>
public sealed record DeviceSpec
{
    /// <summary>The administrator's labels. They win over those that the device reports.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get => field ?? ImmutableSortedDictionary<string, string>.Empty; init; }

    /// <summary>Hardware and operating system, as the device last told; null until it has.</summary>
    public Inventory? Inventory { get; init; }
}

/// <summary>What the operator observed of a device.</summary>
public sealed record DeviceStatus
{
    /// <summary>The labels that the device itself reports.</summary>
    public ImmutableSortedDictionary<string, string> ReportedLabels { get => field ?? ImmutableSortedDictionary<string, string>.Empty; init; }

    /// <summary>The version of its agent.</summary>
    public string AgentVersion { get => field ?? string.Empty; init; }

    /// <summary>How far what it says was taken: what is older is never news. Null while it counts nothing.</summary>
    public DeviceProgress? Taken { get; init; }

    /// <summary>When it was last heard of, by the bus' clock, where it is unreachable; null while it is reachable, as its heartbeats tell, and where that is not known.</summary>
    public DateTimeOffset? LastSeen { get; init; }

    /// <summary>Reachable and the others; written when one changes, never for a heartbeat.</summary>
    public ImmutableArray<Condition> Conditions { get => field.IsDefault ? [] : field; init; }
}

/// <summary>How far what a device says was taken, in the numbers that its agent gives. A little behind for reports, which are not written down one by one.</summary>
/// <param name="Boot">The newest start of its agent that was heard of.</param>
/// <param name="Info">The sequence of its newest info of that start; 0 for none.</param>
/// <param name="Report">The sequence of its newest report of that start that was written down; 0 for none.</param>
public sealed record DeviceProgress(long Boot, long Info, long Report);
