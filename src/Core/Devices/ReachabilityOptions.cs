namespace Harmony.Fleet.Core.Devices;

/// <summary>When a device counts as unreachable.</summary>
public sealed record ReachabilityOptions
{
    /// <summary>How often a device sends a heartbeat.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many heartbeats in a row may be missed before it is unreachable.</summary>
    public int Missed { get; init; } = 3;

    /// <summary>A larger part of the fleet that falls silent together is held back: it is more likely that the operator does not hear.</summary>
    public double HeldFraction { get; init; } = 0.2;

    /// <summary>Fewer devices than this are never held back.</summary>
    public int HeldCount { get; init; } = 10;

    /// <summary>The longest silence that is held back: then it is told, however many they are.</summary>
    public TimeSpan HeldLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The silence after which a device is unreachable.</summary>
    public TimeSpan Limit => Interval * Missed;
}
