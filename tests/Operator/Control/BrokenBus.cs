using System.Runtime.CompilerServices;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Ports.State;

namespace Harmony.Fleet.Tests.Operator.Control;

/// <summary>A bus that throws what no bus should, for as long as a test says so; also at watches that stand.</summary>
internal sealed class BrokenBus(IBus bus, Func<Exception?> failure) : IBus
{
    public LinkState Link => bus.Link;

    public IAsyncEnumerable<LinkState> LinkChangesAsync(CancellationToken cancellationToken) => BreakAsync(bus.LinkChangesAsync(cancellationToken), failure, cancellationToken);

    public Task<ISubscription> SubscribeAsync(string subject, CancellationToken cancellationToken) => bus.SubscribeAsync(subject, cancellationToken);

    public ValueTask<PublishOutcome> PublishAsync(string subject, ReadOnlyMemory<byte> payload, BusHeaders headers, CancellationToken cancellationToken)
    {
        Throw(failure);
        return bus.PublishAsync(subject, payload, headers, cancellationToken);
    }

    public Task<bool> AnswersAsync(CancellationToken cancellationToken) => bus.AnswersAsync(cancellationToken);

    public IBucket Bucket(string name) => new BrokenBucket(bus.Bucket(name), failure);

    public ValueTask DisposeAsync() => bus.DisposeAsync();

    private static async IAsyncEnumerable<T> BreakAsync<T>(IAsyncEnumerable<T> all, Func<Exception?> failure, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Throw(failure);
        await foreach (var one in all.WithCancellation(cancellationToken))
        {
            Throw(failure);
            yield return one;
        }
    }

    private static void Throw(Func<Exception?> failure)
    {
        if (failure() is { } error)
        {
            throw error;
        }
    }

    private sealed class BrokenBucket(IBucket bucket, Func<Exception?> failure) : IBucket
    {
        public string Name => bucket.Name;

        public Task<PutOutcome> CreateAsync(string key, ReadOnlyMemory<byte> value, BusHeaders headers, CancellationToken cancellationToken) =>
            Unbroken(bucket).CreateAsync(key, value, headers, cancellationToken);

        public Task<PutOutcome> UpdateAsync(string key, ReadOnlyMemory<byte> value, ulong revision, BusHeaders headers, CancellationToken cancellationToken) =>
            Unbroken(bucket).UpdateAsync(key, value, revision, headers, cancellationToken);

        public Task<PutOutcome> DeleteAsync(string key, ulong revision, CancellationToken cancellationToken) => Unbroken(bucket).DeleteAsync(key, revision, cancellationToken);

        public Task<GetOutcome> GetAsync(string key, CancellationToken cancellationToken) => Unbroken(bucket).GetAsync(key, cancellationToken);

        public Task<GetOutcome> GetLatestAsync(string key, CancellationToken cancellationToken) => Unbroken(bucket).GetLatestAsync(key, cancellationToken);

        public IAsyncEnumerable<BucketEvent> WatchAsync(string filter, CancellationToken cancellationToken) => BreakAsync(bucket.WatchAsync(filter, cancellationToken), failure, cancellationToken);

        public IAsyncEnumerable<string> KeysAsync(CancellationToken cancellationToken) => Unbroken(bucket).KeysAsync(cancellationToken);

        public IAsyncEnumerable<BucketEntry> MarkersAsync(CancellationToken cancellationToken) => Unbroken(bucket).MarkersAsync(cancellationToken);

        private IBucket Unbroken(IBucket inner)
        {
            Throw(failure);
            return inner;
        }
    }
}

/// <summary>Terms that throw what they should not, for as long as a test says so.</summary>
internal sealed class BrokenLeadership(ILeadership leadership, Func<Exception?> failure) : ILeadership
{
    public TimeSpan Remaining => leadership.Remaining;

    public Task<long> BeginTermAsync(CancellationToken cancellationToken) => failure() is { } error ? throw error : leadership.BeginTermAsync(cancellationToken);
}
