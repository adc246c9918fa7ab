using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Contracts.Commands;

/// <summary>The answer to a ping.</summary>
public sealed record PingReply
{
    /// <summary>Who answers.</summary>
    public required DeviceId Device { get; init; }

    /// <summary>The agent's version.</summary>
    public required string AgentVersion { get; init; }

    /// <summary>Seconds since the agent started.</summary>
    public required long UptimeSeconds { get; init; }
}
