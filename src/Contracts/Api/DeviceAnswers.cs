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

/// <summary>One NDJSON line of a log: either a piece of it, or as the last line why it could not be read on.</summary>
public sealed record LogLine
{
    /// <summary><c>stdout</c> or <c>stderr</c>.</summary>
    public string? Stream { get; init; }

    /// <summary>What the container wrote: any piece, which need not end with a line.</summary>
    public string? Text { get; init; }

    /// <summary>One sentence: why there is no more.</summary>
    public string? Error { get; init; }
}
