namespace Harmony.Fleet.Operator.Control.Informers;

/// <summary>Lets a few messages of each sort through in a minute: whoever can make the operator log must not be able to fill its disk. For several threads.</summary>
internal sealed class LogGate(TimeProvider time)
{
    private const int MostAMinute = 10;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly Lock gate = new();
    private readonly Dictionary<string, (DateTimeOffset Since, int Count)> windows = new(StringComparer.Ordinal);

    /// <summary>Whether a message of <paramref name="sort"/> may be logged; <paramref name="suppressed"/> of the minute before were not.</summary>
    public bool IsOpen(string sort, out int suppressed)
    {
        var now = time.GetUtcNow();
        lock (gate)
        {
            var known = windows.TryGetValue(sort, out var window) && now - window.Since < Minute;
            suppressed = known ? 0 : Math.Max(0, window.Count - MostAMinute);
            windows[sort] = known ? (window.Since, window.Count + 1) : (now, 1);
            return windows[sort].Count <= MostAMinute;
        }
    }
}
