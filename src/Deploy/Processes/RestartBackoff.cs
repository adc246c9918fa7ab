namespace Harmony.Fleet.Deploy.Processes;

/// <summary>How long to wait before a process that ended is started again: capped, exponential, with full jitter.</summary>
internal sealed class RestartBackoff(Random random)
{
    /// <summary>The longest wait.</summary>
    public static readonly TimeSpan Ceiling = TimeSpan.FromSeconds(30);

    /// <summary>A process that ran this long starts anew with the shortest wait.</summary>
    public static readonly TimeSpan Stable = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);

    private int failures;

    /// <summary>The next wait, after the process ran for <paramref name="ran"/>.</summary>
    public TimeSpan Next(TimeSpan ran)
    {
        failures = ran >= Stable ? 0 : Math.Min(failures + 1, 10);
        var limit = Math.Min(Shortest.TotalMilliseconds * Math.Pow(2, failures), Ceiling.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(random.NextDouble() * limit);
    }
}
