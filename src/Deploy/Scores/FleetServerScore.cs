using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Deploy.Scores;

/// <summary>A whole control plane: <see cref="FleetNatsScore"/> and <see cref="FleetOperatorScore"/>.</summary>
public sealed record FleetServerScore
{
    /// <summary>The devices that may log in.</summary>
    public ImmutableArray<DeviceId> Devices { get; init; } = [];

    /// <summary>The port of the operator's API; null for a free one.</summary>
    public int? ApiPort { get; init; }

    /// <summary>The port of NATS; null for a free one.</summary>
    public int? NatsPort { get; init; }
}
