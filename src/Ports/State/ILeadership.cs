namespace Harmony.Fleet.Ports.State;

/// <summary>Who decides (design D3): one at a time, each in a term larger than any before.</summary>
public interface ILeadership
{
    /// <summary>
    /// For how long nobody else can lead, by a monotonic clock, less the time that a write may take; zero where somebody may, and
    /// <see cref="TimeSpan.MaxValue"/> where nobody can while this process lives. It is looked at before each write.
    /// </summary>
    TimeSpan Remaining { get; }

    /// <summary>Begins to lead, once nobody else does: the next term, stored durably before it is returned.</summary>
    /// <exception cref="IOException">It could not be stored; the message says why.</exception>
    Task<long> BeginTermAsync(CancellationToken cancellationToken);
}
