namespace Harmony.Fleet.Ports.Bus;

/// <summary>Removes keys of buckets.</summary>
public static class BucketRemoval
{
    /// <summary>Removes the value that stands under <paramref name="key"/> now, and none that comes meanwhile: that is a conflict.</summary>
    /// <returns>Stored, with revision 0, also where there was none.</returns>
    public static async Task<PutOutcome> RemoveAsync(this IBucket bucket, string key, CancellationToken cancellationToken) =>
        await bucket.GetAsync(key, cancellationToken) switch
        {
            GetOutcome.Found { Entry: var entry } => await bucket.DeleteAsync(key, entry.Revision, cancellationToken),
            GetOutcome.Unavailable unavailable => new PutOutcome.Unavailable(unavailable.Reason),
            _ => new PutOutcome.Stored(0),
        };
}
