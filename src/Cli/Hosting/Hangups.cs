using System.Globalization;

namespace Harmony.Fleet.Cli.Hosting;

/// <summary>The end of the terminal that a command was called from. The kernel tells only the job in the foreground, and only who listens.</summary>
internal static class Hangups
{
    private const string IgnoredSignals = "SigIgn:";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Whether whoever started this process wants it to go on without a terminal, as <c>nohup</c> does.</summary>
    public static bool AreIgnored => File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(IgnoredSignals, StringComparison.Ordinal)) is { } line
        && ulong.TryParse(line.AsSpan(IgnoredSignals.Length).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var signals)
        && (signals & 1) != 0; // SIGHUP is the first

    /// <summary>Looks now and then whether the terminal of stderr is still there, and calls <paramref name="hungUp"/> when it is not.</summary>
    public static ITimer Watch(Action hungUp, TimeProvider time)
    {
        var terminal = new StandardError(hungUp);
        return time.CreateTimer(
            _ =>
            {
                if (terminal.IsHungUp)
                {
                    hungUp();
                }
            },
            null,
            Pause,
            Pause);
    }
}
