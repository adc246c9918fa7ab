using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Contracts.Bus;

/// <summary>A sign of life, every 30 s.</summary>
public sealed record Heartbeat
{
    /// <summary><see cref="BusVersion.V1"/>.</summary>
    public string ApiVersion { get => field ?? BusVersion.V1; init; }

    /// <summary>Whose it is.</summary>
    public required DeviceId Device { get; init; }

    /// <summary>Which run of the agent wrote it.</summary>
    public required string Instance { get; init; }

    /// <summary>When it was written, by the device's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Seconds since the agent started.</summary>
    public long UptimeSeconds { get; init; }

    /// <summary>The system's load average over a minute.</summary>
    public double Load { get; init; }
}
