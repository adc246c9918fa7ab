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

    /// <summary>The last value of a key, by direct get.</summary>
    Task<GetOutcome> GetAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// Every key that matches <paramref name="filter"/> (<c>&gt;</c> for all) with its last value, then <see cref="BucketEvent.CaughtUp"/>, then changes as they come.
    /// When the bus was away, or the bucket was made anew, <see cref="BucketEvent.Restarted"/> comes and all of it again: keys that do not come again are gone.
    /// </summary>
    IAsyncEnumerable<BucketEvent> WatchAsync(string filter, CancellationToken cancellationToken);

    /// <summary>The keys that hold a value. Not a moment's picture: keys that come or go meanwhile may be missing or there.</summary>
    /// <exception cref="IOException">The bus or the bucket is away.</exception>
    IAsyncEnumerable<string> KeysAsync(CancellationToken cancellationToken);
}
