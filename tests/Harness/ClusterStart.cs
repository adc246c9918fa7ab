namespace Harmony.Fleet.Tests.Harness;

/// <summary>
/// How often servers that are to be one cluster are started anew. Of three 2.10 that start at once, a few in a hundred leave the third out for good: the one that leads their JetStream misses its
/// vote, makes the group one of two ("no suitable peers for placement"), and nothing but a new start mends that. One of their ports may be taken, too.
/// </summary>
public static class ClusterStart
{
    /// <summary>How many starts there are.</summary>
    public const int Tries = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>How long a start is waited for: the first is given up soon, the last is one of a machine with much to do.</summary>
    public static TimeSpan Limit(int number) => Patience * number;
}
