using System.Globalization;

namespace Harmony.Fleet.Hosting.Systemd;

/// <summary>How often systemd wants to hear that a service lives (<c>WatchdogSec=</c> of its unit).</summary>
/// <param name="Interval">After this long without a sign of life it is killed; null where nobody watches.</param>
public sealed record Watchdog(TimeSpan? Interval)
{
    /// <summary>What the environment says, as sd_watchdog_enabled(3) reads it.</summary>
    public static Watchdog FromEnvironment() => Parse(
        Environment.GetEnvironmentVariable("WATCHDOG_USEC"), Environment.GetEnvironmentVariable("WATCHDOG_PID"), Environment.ProcessId);

    /// <summary>What these say.</summary>
    /// <param name="microseconds"><c>WATCHDOG_USEC</c>.</param>
    /// <param name="watched"><c>WATCHDOG_PID</c>: whom it is meant for; null where it is for anybody.</param>
    /// <param name="self">This process.</param>
    internal static Watchdog Parse(string? microseconds, string? watched, int self)
    {
        var isMeant = string.IsNullOrEmpty(watched) || watched == self.ToString(CultureInfo.InvariantCulture);
        return isMeant && long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? new Watchdog(TimeSpan.FromMicroseconds(number))
            : new Watchdog(Interval: null);
    }
}
