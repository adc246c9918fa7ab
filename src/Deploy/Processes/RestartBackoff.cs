using Harmony.Fleet.Core.Retries;

namespace Harmony.Fleet.Deploy.Processes;

/// <summary>How long to wait before a process that ended is started again.</summary>
internal sealed class RestartBackoff(Random random)
{
    /// <summary>The longest wait.</summary>
    public static readonly TimeSpan Ceiling = TimeSpan.FromSeconds(30);

    /// <summary>A process that ran this long starts anew with the shortest wait.</summary>
    public static readonly TimeSpan Stable = TimeSpan.FromMinutes(1);

    private readonly BackOffSequence waits = new(new BackOff(TimeSpan.FromMilliseconds(500), Ceiling), random);

    /// <summary>The next wait, after the process ran for <paramref name="ran"/>.</summary>
    public TimeSpan Next(TimeSpan ran)
    {
        if (ran >= Stable)
        {
            waits.Reset();
        }

        return waits.Next();
    }
}
