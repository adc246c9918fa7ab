using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Contracts.Bus;

/// <summary>Who a device says it is.</summary>
public sealed record DeviceInfo
{
    /// <summary><see cref="BusVersion.V1"/>.</summary>
    public string ApiVersion { get => field ?? BusVersion.V1; init; }

    /// <summary>Whose info it is.</summary>
    public required DeviceId Device { get; init; }

    /// <summary>Which run of the agent wrote it: random, new at each start.</summary>
    public required string Instance { get; init; }

    /// <summary>Commands must name it: random, new at each connection, so that an old command is worth nothing.</summary>
    public required string CommandNonce { get; init; }

    /// <summary>When it was written, by the device's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The agent's version.</summary>
    public string AgentVersion { get => field ?? string.Empty; init; }

    /// <summary>What this agent can do: score kinds and command verbs, for example <c>score/PodmanV0</c>, <c>command/logs</c>.</summary>
    public ImmutableArray<string> Capabilities { get => field.IsDefault ? [] : field; init; }

    /// <summary>The labels of its settings; at most 64.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get => field ?? ImmutableSortedDictionary<string, string>.Empty; init; }

    /// <summary>What it is made of.</summary>
    public Inventory Inventory { get => field ?? new(); init; }

    /// <summary>What is not well on it: one CamelCase word each, for example <c>PodmanUnavailable</c>.</summary>
    public ImmutableArray<string> HealthFlags { get => field.IsDefault ? [] : field; init; }
}
