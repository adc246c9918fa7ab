namespace Harmony.Fleet.Ports.Resources;

/// <summary>Whether a store still is what it said it was, and takes writes.</summary>
public interface IStoreHistory
{
    /// <summary>The acknowledged writes that the store was found to lack, until that is acknowledged; null for none.</summary>
    LostWrites? Lost { get; }

    /// <summary>Why nothing can be written at present, also that a write does not end, in one sentence; null where nothing is known to be in the way. Answers at once.</summary>
    string? WriteProblem { get; }

    /// <summary>Writes something that nobody sees, so that <see cref="WriteProblem"/> is known although nobody else writes.</summary>
    Task ProbeAsync(CancellationToken cancellationToken);

    /// <summary>Somebody has taken notice of <see cref="Lost"/>.</summary>
    /// <returns>Null; or why it is not stored, in one sentence.</returns>
    Task<string?> AcknowledgeLostAsync(CancellationToken cancellationToken);
}

/// <summary>Writes that were acknowledged, and are gone: the file is older than what it was known to hold.</summary>
/// <param name="From">The version after which they came.</param>
/// <param name="Until">The version of the last of them; <paramref name="From"/> where no change of a resource is known to be among them, but a term.</param>
/// <param name="At">When that was found, at the store's opening.</param>
/// <param name="IsCertain">Whether there are any; false where it is not known any more how far the store had come. Default true.</param>
public sealed record LostWrites(long From, long Until, DateTimeOffset At, bool IsCertain = true);
