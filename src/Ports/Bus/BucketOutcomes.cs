namespace Harmony.Fleet.Ports.Bus;

/// <summary>What became of a write to a bucket.</summary>
public abstract record PutOutcome
{
    private PutOutcome()
    {
    }

    /// <summary>Stored, and acknowledged.</summary>
    /// <param name="Revision">Its revision.</param>
    public sealed record Stored(ulong Revision) : PutOutcome;

    /// <summary>Not stored: somebody else wrote in between, or the key is there already.</summary>
    /// <param name="CurrentRevision">The key's last revision where the server told, else 0.</param>
    public sealed record Conflict(ulong CurrentRevision) : PutOutcome;

    /// <summary>Not stored, and never will be as it is.</summary>
    /// <param name="Reason">What the server said.</param>
    public sealed record Rejected(string Reason) : PutOutcome;

    /// <summary>Not acknowledged: the bus or the bucket is away, or did not answer in time. It may have been stored, or be stored later.</summary>
    /// <param name="Reason">One sentence.</param>
    public sealed record Unavailable(string Reason) : PutOutcome;
}

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

/// <summary>Removes keys of buckets.</summary>
public static class BucketRemoval
{
    /// <summary>Removes the value that stands under <paramref name="key"/> now, and none that comes meanwhile: that is a conflict. Not for devices, which have no right to it.</summary>
    /// <returns>Stored, with revision 0, also where there was none.</returns>
    public static async Task<PutOutcome> RemoveAsync(this IBucket bucket, string key, CancellationToken cancellationToken)
    {
        // Of the leader: a server that does not hold the last write yet says that nothing is there.
        return await bucket.GetLatestAsync(key, cancellationToken) switch
        {
            GetOutcome.Found { Entry: var entry } => await bucket.DeleteAsync(key, entry.Revision, cancellationToken),
            GetOutcome.Unavailable unavailable => new PutOutcome.Unavailable(unavailable.Reason),
            _ => new PutOutcome.Stored(0),
        };
    }
}
