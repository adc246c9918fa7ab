using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Deploy.Scores;

/// <summary>A device's agent, with the podman that it drives.</summary>
public sealed record FleetAgentScore
{
    /// <summary>Who the device is.</summary>
    public required DeviceId Device { get; init; }

    /// <summary>The control plane that it belongs to.</summary>
    public required ServerStanding Server { get; init; }

    /// <summary>The labels that it reports.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
