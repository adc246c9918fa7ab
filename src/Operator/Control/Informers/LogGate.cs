namespace Harmony.Fleet.Operator.Control.Informers;

/// <summary>
/// Lets a few messages of each sort through in a minute, and fewer of each device: whoever can make the operator log must not be able to fill its disk, nor to keep
/// what others do from being told. For several threads.
/// </summary>
internal sealed class LogGate(TimeProvider time)
{
    private const int MostAMinute = 10;
    private const int MostOfADevice = 2;
    private const int ManyWindows = 1024;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly Lock gate = new();
    private readonly Dictionary<(string Sort, string Of), (TimeSpan Since, int Count)> windows = [];
    private readonly long began = time.GetTimestamp();
    private TimeSpan looked = -Minute;

    /// <summary>How often all that is kept was looked at.</summary>
    public int Looks { get; private set; }

    /// <summary>Whether a message of <paramref name="sort"/> may be logged; <paramref name="suppressed"/> of the minute before were not.</summary>
    public bool IsOpen(string sort, out int suppressed)
    {
        lock (gate)
        {
            return IsOpen((sort, string.Empty), MostAMinute, out suppressed);
        }
    }

    /// <summary>Whether a message of <paramref name="sort"/> that <paramref name="device"/> caused may be logged; <paramref name="suppressed"/> of it were not in the minute before.</summary>
    public bool IsOpen(string sort, string device, out int suppressed)
    {
        lock (gate)
        {
            return IsOpen((sort, device), MostOfADevice, out suppressed) && IsOpen((sort, string.Empty), MostAMinute, out _);
        }
    }

    private bool IsOpen((string Sort, string Of) which, int most, out int suppressed)
    {
        var now = time.GetElapsedTime(began);
        var known = windows.TryGetValue(which, out var window) && now - window.Since < Minute;
        suppressed = known ? 0 : Math.Max(0, window.Count - most);
        Forget(now);
        windows[which] = known ? (window.Since, window.Count + 1) : (now, 1);
        return windows[which].Count <= most;
    }

    /// <summary>
    /// What is over, and had nothing to tell, is not kept for each device for ever. Once a minute at most: while something is logged of each device of a large fleet, nothing of it is over,
    /// and the control loop waits for this.
    /// </summary>
    private void Forget(TimeSpan now)
    {
        if (windows.Count < ManyWindows || now - looked < Minute)
        {
            return;
        }

        looked = now;
        Looks++;
        foreach (var (which, window) in windows)
        {
            if (now - window.Since > 2 * Minute)
            {
                windows.Remove(which);
            }
        }
    }
}
