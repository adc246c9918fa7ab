using System.Text.Json.Serialization;
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

    /// <summary>Which start of the agent wrote it: of two documents the one of the higher boot is newer. 0 where the agent does not count its starts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Boot { get; init; }

    /// <summary>Counts all that one start wrote, from 1: of two documents of one kind the higher one is newer. 0 where the agent does not count.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Sequence { get; init; }

    /// <summary>Its place among all that the device says.</summary>
    [JsonIgnore]
    public DocumentOrder Order => new(Boot, Sequence);

    /// <summary>When it was written, by the device's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Seconds since the agent started.</summary>
    public long UptimeSeconds { get; init; }

    /// <summary>The system's load average over a minute.</summary>
    public double Load { get; init; }
}
