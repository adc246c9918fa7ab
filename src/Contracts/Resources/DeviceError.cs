using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Contracts.Resources;

/// <summary>What went wrong on one device.</summary>
public sealed record DeviceError
{
    /// <summary>Which device.</summary>
    public required DeviceId Device { get; init; }

    /// <summary>One sentence, at most 512 bytes.</summary>
    public required string Message { get; init; }

    /// <summary>When the device met it, by its own clock.</summary>
    public required DateTimeOffset At { get; init; }
}
