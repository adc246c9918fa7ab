namespace Harmony.Fleet.Operator.Sessions;

/// <summary>A device's answer ended before its end.</summary>
/// <param name="reason">One sentence.</param>
/// <param name="isDeviceAway">Whether the device fell silent; else it said itself why it ended, or sent what cannot be.</param>
internal sealed class SessionBrokenException(string reason, bool isDeviceAway) : IOException(reason)
{
    /// <summary>Whether the device fell silent.</summary>
    public bool IsDeviceAway { get; } = isDeviceAway;
}
