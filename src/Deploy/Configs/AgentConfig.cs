using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Deploy.Configs;

/// <summary>agent.json.</summary>
internal sealed record AgentConfig
{
    /// <summary>Who the device is.</summary>
    public required DeviceId DeviceId { get; init; }

    /// <summary>The folder of what the agent must not forget.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>The file with the device's keys.</summary>
    public required string KeyFile { get; init; }

    /// <summary>The bus.</summary>
    public required NatsConfig Nats { get; init; }

    /// <summary>The container runtime.</summary>
    public required PodmanConfig Podman { get; init; }

    /// <summary>The labels that the device reports.</summary>
    public required ImmutableSortedDictionary<string, string> Labels { get; init; }
}
