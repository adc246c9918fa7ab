using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Tests.Operator.Api;

/// <summary>A bus that is away, and stays so.</summary>
internal sealed class DownBus : IBus
{
    private const string Reason = "connection refused";

    public LinkState Link => new(false, 0, Reason);

    public IAsyncEnumerable<LinkState> LinkChangesAsync(CancellationToken cancellationToken) => AsyncEnumerable.Repeat(Link, 1);

    public Task<ISubscription> SubscribeAsync(string subject, CancellationToken cancellationToken) =>
        Task.FromException<ISubscription>(new InvalidOperationException("Nothing subscribes in these tests."));

    public ValueTask<PublishOutcome> PublishAsync(string subject, ReadOnlyMemory<byte> payload, BusHeaders headers, CancellationToken cancellationToken) =>
        new(PublishOutcome.LinkDown);

    public IBucket Bucket(string name) => new DownBucket(name);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class DownBucket(string name) : IBucket
    {
        public string Name => name;

        public Task<PutOutcome> PutAsync(string key, ReadOnlyMemory<byte> value, BusHeaders headers, CancellationToken cancellationToken) => Away();

        public Task<PutOutcome> CreateAsync(string key, ReadOnlyMemory<byte> value, BusHeaders headers, CancellationToken cancellationToken) => Away();

        public Task<PutOutcome> UpdateAsync(string key, ReadOnlyMemory<byte> value, ulong revision, BusHeaders headers, CancellationToken cancellationToken) => Away();

        public Task<PutOutcome> DeleteAsync(string key, ulong? revision, CancellationToken cancellationToken) => Away();

        public Task<GetOutcome> GetAsync(string key, CancellationToken cancellationToken) => Task.FromResult<GetOutcome>(new GetOutcome.Unavailable(Reason));

        public async IAsyncEnumerable<BucketEvent> WatchAsync(
            string filter, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            yield break;
        }

        public IAsyncEnumerable<string> KeysAsync(CancellationToken cancellationToken) => AsyncEnumerable.Empty<string>();

        private static Task<PutOutcome> Away() => Task.FromResult<PutOutcome>(new PutOutcome.Unavailable(Reason));
    }
}
