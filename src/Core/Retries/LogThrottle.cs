namespace Harmony.Fleet.Core.Retries;

/// <summary>
/// Says which of many equal complaints are worth a line in a log: the first with each text, and after a while the next. What is tried again for ever, or comes
/// from outside, must not fill a disk. For any number of callers.
/// </summary>
/// <param name="interval">How long a text that was told is not told again.</param>
public sealed class LogThrottle(TimeSpan interval)
{
    /// <summary>The most texts that are told in one interval: a text may be another each time.</summary>
    public const int MaxTexts = 32;

    private readonly Lock gate = new();
    private readonly Dictionary<string, TimeSpan> told = new(StringComparer.Ordinal);

    /// <summary>Whether <paramref name="text"/> is to be told.</summary>
    /// <param name="text">What would be told.</param>
    /// <param name="now">The time of a clock that only goes forward.</param>
    public bool Admits(string text, TimeSpan now)
    {
        lock (gate)
        {
            foreach (var (old, at) in told)
            {
                if (now - at >= interval)
                {
                    told.Remove(old);
                }
            }

            return told.Count < MaxTexts && told.TryAdd(text, now);
        }
    }

    /// <summary>All is well again: whatever comes next is news.</summary>
    public void Reset()
    {
        lock (gate)
        {
            told.Clear();
        }
    }
}
