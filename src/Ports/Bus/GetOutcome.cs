namespace Harmony.Fleet.Ports.Bus;

/// <summary>What a read of a bucket found.</summary>
public abstract record GetOutcome
{
    private GetOutcome()
    {
    }

    /// <summary>A value.</summary>
    /// <param name="Entry">It.</param>
    public sealed record Found(BucketEntry Entry) : GetOutcome;

    /// <summary>The server answered: there is no value (or only a delete marker).</summary>
    public sealed record Missing : GetOutcome;

    /// <summary>It cannot be told: the bus or the bucket is away, or did not answer in time.</summary>
    /// <param name="Reason">One sentence.</param>
    public sealed record Unavailable(string Reason) : GetOutcome;
}
