namespace Harmony.Fleet.Operator.Control.Work;

/// <summary>
/// Counts the answers to writes, which tell of resources past the feeds: a list that began before an answer need not have what it told of.
/// By this count, and not by versions, of which a store promises no order.
/// </summary>
internal sealed class AnswerCount
{
    private long count;

    /// <summary>The answers so far. Read by the feeds.</summary>
    public long Now => Volatile.Read(ref count);

    /// <summary>One more answer came.</summary>
    /// <returns>Its number.</returns>
    public long Next() => Interlocked.Increment(ref count);
}
