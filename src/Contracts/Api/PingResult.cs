using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Contracts.Api;

/// <summary>A device answered a ping.</summary>
public sealed record PingResult
{
    /// <summary>Which.</summary>
    public required DeviceId Device { get; init; }

    /// <summary>Its agent's version.</summary>
    public string AgentVersion { get => field ?? string.Empty; init; }

    /// <summary>Seconds since its agent started.</summary>
    public long UptimeSeconds { get; init; }

    /// <summary>From the operator to the device and back, in milliseconds.</summary>
    public double RoundTripMilliseconds { get; init; }
}
