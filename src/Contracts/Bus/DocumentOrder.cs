namespace Harmony.Fleet.Contracts.Bus;

/// <summary>The order of what a device says: first by start of its agent, then by what was said since. Written <c>boot.sequence</c>.</summary>
/// <param name="Boot">The agent's start, larger than any before, as far as the device can tell; 1 to 2^53 - 1. 0: an agent that does not count its starts.</param>
/// <param name="Sequence">Counts all documents of one start; 0 to 2^53 - 1.</param>
public readonly record struct DocumentOrder(long Boot, long Sequence) : IComparable<DocumentOrder>
{
    /// <summary>Whether both parts are within their limits.</summary>
    public bool IsValid => Boot is >= 0 and <= WireLimits.MaxGenerationPart && Sequence is >= 0 and <= WireLimits.MaxGenerationPart;

    /// <summary>Whether there is an order at all: agents of before have none.</summary>
    public bool IsKnown => Boot > 0;

    /// <summary>Whether <paramref name="left"/> is older.</summary>
    public static bool operator <(DocumentOrder left, DocumentOrder right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> is newer.</summary>
    public static bool operator >(DocumentOrder left, DocumentOrder right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> is not newer.</summary>
    public static bool operator <=(DocumentOrder left, DocumentOrder right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> is not older.</summary>
    public static bool operator >=(DocumentOrder left, DocumentOrder right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public int CompareTo(DocumentOrder other) => Boot != other.Boot ? Boot.CompareTo(other.Boot) : Sequence.CompareTo(other.Sequence);

    /// <inheritdoc/>
    public override string ToString() => $"{Boot}.{Sequence}";
}
