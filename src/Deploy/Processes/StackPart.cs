using System.Text.Json.Serialization;

namespace Harmony.Fleet.Deploy.Processes;

/// <summary>One process of a running stack, as it last was.</summary>
public sealed record StackPart
{
    /// <summary>What people call it: <c>nats</c>, <c>operator</c>, <c>device-1</c>, <c>device-1 podman</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its process; null while it is down, and waits to be started again.</summary>
    public ProcessIdentity? Process { get; init; }

    /// <summary>When it came up; while it is down: when it went.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>How often it ended without being told to.</summary>
    public int Restarts { get; init; }

    /// <summary>Where its stdout and stderr go: an absolute path.</summary>
    public required string LogFile { get; init; }

    /// <summary>Whether its process runs.</summary>
    [JsonIgnore]
    public bool IsUp => Process is { IsAlive: true };

    /// <summary>Whether its process is stopped by a signal, so that it does nothing.</summary>
    [JsonIgnore]
    public bool IsStopped => Process is { IsStopped: true };
}
