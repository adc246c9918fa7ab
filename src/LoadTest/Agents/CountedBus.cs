using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.LoadTest.Agents;

/// <summary>Counts what agents could not put. Each tries again by itself.</summary>
internal sealed class PutCount
{
    private long errors;
    private long puts;
    private long conflicts;

    /// <summary>Puts that failed, without those that met another revision than the one that they were to replace.</summary>
    public long Errors => Interlocked.Read(ref errors);

    /// <summary>All puts.</summary>
    public long Puts => Interlocked.Read(ref puts);

    /// <summary>Puts that met another revision than the one that they were to replace, and were put again at once.</summary>
    public long Conflicts => Interlocked.Read(ref conflicts);

    /// <summary>Counts what became of a put.</summary>
    public void Add(PutOutcome outcome)
    {
        Interlocked.Increment(ref puts);
        if (outcome is PutOutcome.Conflict)
        {
            Interlocked.Increment(ref conflicts); // What was there was lost: a bucket in memory, whose server began anew.
        }
        else if (outcome is not PutOutcome.Stored)
        {
            Interlocked.Increment(ref errors);
        }
    }
}

/// <summary>An agent's bus, whose puts are counted.</summary>
/// <param name="bus">It.</param>
/// <param name="count">Counts.</param>
/// <param name="reporting">Told each report before it is put; null where nobody wants to know.</param>
internal sealed class CountedBus(IBus bus, PutCount count, Action<ReadOnlyMemory<byte>>? reporting) : IBus
{
    /// <inheritdoc/>
    public LinkState Link => bus.Link;

    /// <inheritdoc/>
    public IAsyncEnumerable<LinkState> LinkChangesAsync(CancellationToken cancellationToken) => bus.LinkChangesAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<ISubscription> SubscribeAsync(string subject, CancellationToken cancellationToken) => bus.SubscribeAsync(subject, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<PublishOutcome> PublishAsync(string subject, ReadOnlyMemory<byte> payload, BusHeaders headers, CancellationToken cancellationToken) =>
        bus.PublishAsync(subject, payload, headers, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> AnswersAsync(CancellationToken cancellationToken) => bus.AnswersAsync(cancellationToken);

    /// <inheritdoc/>
    public IBucket Bucket(string name) => new CountedBucket(bus.Bucket(name), count, name == BucketNames.DeviceState ? reporting : null);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => bus.DisposeAsync();

    private sealed class CountedBucket(IBucket bucket, PutCount count, Action<ReadOnlyMemory<byte>>? reporting) : IBucket
    {
        public string Name => bucket.Name;

        public Task<PutOutcome> CreateAsync(string key, ReadOnlyMemory<byte> value, BusHeaders headers, CancellationToken cancellationToken) =>
            CountAsync(value, () => bucket.CreateAsync(key, value, headers, cancellationToken));

        public Task<PutOutcome> UpdateAsync(string key, ReadOnlyMemory<byte> value, ulong revision, BusHeaders headers, CancellationToken cancellationToken) =>
            CountAsync(value, () => bucket.UpdateAsync(key, value, revision, headers, cancellationToken));

        public Task<PutOutcome> DeleteAsync(string key, ulong revision, CancellationToken cancellationToken) => bucket.DeleteAsync(key, revision, cancellationToken);

        public Task<GetOutcome> GetAsync(string key, CancellationToken cancellationToken) => bucket.GetAsync(key, cancellationToken);

        public Task<GetOutcome> GetLatestAsync(string key, CancellationToken cancellationToken) => bucket.GetLatestAsync(key, cancellationToken);

        public IAsyncEnumerable<BucketEvent> WatchAsync(string filter, CancellationToken cancellationToken) => bucket.WatchAsync(filter, cancellationToken);

        public IAsyncEnumerable<string> KeysAsync(CancellationToken cancellationToken) => bucket.KeysAsync(cancellationToken);

        public IAsyncEnumerable<BucketEntry> MarkersAsync(CancellationToken cancellationToken) => bucket.MarkersAsync(cancellationToken);

        private async Task<PutOutcome> CountAsync(ReadOnlyMemory<byte> value, Func<Task<PutOutcome>> put)
        {
            reporting?.Invoke(value);
            var outcome = await put();
            count.Add(outcome);
            return outcome;
        }
    }
}
