using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Deploy.Scores;

/// <summary>A NATS server with the fleet's two accounts, the operator in one and each device in the other.</summary>
public sealed record FleetNatsScore
{
    /// <summary>The devices that may log in.</summary>
    public ImmutableArray<DeviceId> Devices { get; init; } = [];

    /// <summary>The port to listen on; null for a free one.</summary>
    public int? Port { get; init; }
}
