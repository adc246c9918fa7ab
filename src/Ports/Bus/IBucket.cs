namespace Harmony.Fleet.Ports.Bus;

/// <summary>
/// A key-value bucket. Each write names the revision that it replaces, because one that was told <see cref="PutOutcome.Unavailable"/> may still lie in a server
/// that hangs, or in a network, and be stored later: then it replaces only what it was meant to.
/// </summary>
public interface IBucket
{
    /// <summary>The bucket's name.</summary>
    string Name { get; }

    /// <summary>Stores a value only where none is (or only a delete marker). Stored when the outcome says so, and not before.</summary>
    Task<PutOutcome> CreateAsync(string key, ReadOnlyMemory<byte> value, BusHeaders headers, CancellationToken cancellationToken);

    /// <summary>Stores a value only where the key's last revision is <paramref name="revision"/> (0: none at all).</summary>
    Task<PutOutcome> UpdateAsync(string key, ReadOnlyMemory<byte> value, ulong revision, BusHeaders headers, CancellationToken cancellationToken);

    /// <summary>Leaves a delete marker, only where the key's last revision is <paramref name="revision"/>.</summary>
    Task<PutOutcome> DeleteAsync(string key, ulong revision, CancellationToken cancellationToken);

    /// <summary>The last value of a key, by direct get. Of a bucket on several servers any of them answers: a write of just before may not be there yet, whoever acknowledged it.</summary>
    Task<GetOutcome> GetAsync(string key, CancellationToken cancellationToken);

    /// <summary>The last value of a key as the server says that takes the bucket's writes, with all that was acknowledged. Slower, and a device has no right to it.</summary>
    Task<GetOutcome> GetLatestAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// Every key that matches <paramref name="filter"/> (<c>&gt;</c> for all) with its last value, then <see cref="BucketEvent.CaughtUp"/>, then changes as they come.
    /// When the bus or the bucket is away, at the beginning or later, <see cref="BucketEvent.Restarted"/> comes at once, and all of it again when they are back, however
    /// long that takes: keys that do not come again are gone. The same where the bucket was made anew.
    /// </summary>
    IAsyncEnumerable<BucketEvent> WatchAsync(string filter, CancellationToken cancellationToken);

    /// <summary>The keys that hold a value. Not a moment's picture: keys that come or go meanwhile may be missing or there.</summary>
    /// <exception cref="IOException">The bus or the bucket is away.</exception>
    IAsyncEnumerable<string> KeysAsync(CancellationToken cancellationToken);

    /// <summary>The keys of which nothing but a delete marker is left, each with it. Not a moment's picture either.</summary>
    /// <exception cref="IOException">The bus or the bucket is away.</exception>
    IAsyncEnumerable<BucketEntry> MarkersAsync(CancellationToken cancellationToken);
}

/// <summary>A value, or a delete marker, of a bucket.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The bytes; empty for a marker.</param>
/// <param name="Headers">What was stored with it.</param>
/// <param name="Revision">The bucket's sequence number of it.</param>
/// <param name="Created">When the server stored it, by the server's clock.</param>
/// <param name="IsDeleted">Whether it is a marker.</param>
public sealed record BucketEntry(string Key, ReadOnlyMemory<byte> Value, BusHeaders Headers, ulong Revision, DateTimeOffset Created, bool IsDeleted);

/// <summary>What a watch sees.</summary>
public abstract record BucketEvent
{
    private BucketEvent()
    {
    }

    /// <summary>A value or a delete marker.</summary>
    /// <param name="Value">It.</param>
    public sealed record Changed(BucketEntry Value) : BucketEvent;

    /// <summary>All that was there when the watch began (or began again) has been seen.</summary>
    public sealed record CaughtUp : BucketEvent;

    /// <summary>
    /// The watch was lost, or cannot begin: what is in the bucket is not known until the next <see cref="CaughtUp"/>, which may be long, and all of it comes again until then.
    /// </summary>
    /// <param name="Reason">One sentence, for the log.</param>
    public sealed record Restarted(string Reason) : BucketEvent;
}
