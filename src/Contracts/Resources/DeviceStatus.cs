using System.Collections.Immutable;

namespace Harmony.Fleet.Contracts.Resources;

/// <summary>What the operator observed of a device.</summary>
public sealed record DeviceStatus
{
    /// <summary>The labels that the device itself reports.</summary>
    public ImmutableSortedDictionary<string, string> ReportedLabels { get => field ?? ImmutableSortedDictionary<string, string>.Empty; init; }

    /// <summary>The version of its agent.</summary>
    public string AgentVersion { get => field ?? string.Empty; init; }

    /// <summary>Reachable and the others; written when one changes, never for a heartbeat.</summary>
    public ImmutableArray<Condition> Conditions { get => field.IsDefault ? [] : field; init; }
}
