using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness.Bus;

namespace Harmony.Fleet.Tests.Adapters.Nats.KeyValue;

/// <summary>Removal of a key whose value was acknowledged, asked of a server that does not hold it yet.</summary>
public sealed class RemovalTests
{
    [Fact]
    public async Task Removal_AskedOfAServerThatIsBehind_IsNoneOfNothing()
    {
        var stop = TestContext.Current.CancellationToken;
        var broker = new FakeBroker();
        var bus = broker.Connect();
        await broker.EnsureBucketAsync(new BucketSettings { Name = "things" }, stop);
        var bucket = new BehindBucket(bus.Bucket("things"));
        await bucket.CreateAsync("key", new byte[] { 1 }, BusHeaders.None, stop);

        (await bucket.RemoveAsync("key", stop)).ShouldBe(new PutOutcome.Stored(2));

        (await bucket.GetLatestAsync("key", stop)).ShouldBeOfType<GetOutcome.Missing>();
        (await bucket.RemoveAsync("key", stop)).ShouldBe(new PutOutcome.Stored(0), "nothing is there");
    }

    /// <summary>Direct gets find nothing.</summary>
    private sealed class BehindBucket(IBucket inner) : IBucket
    {
        public string Name => inner.Name;

        public Task<PutOutcome> CreateAsync(string key, ReadOnlyMemory<byte> value, BusHeaders headers, CancellationToken cancellationToken) =>
            inner.CreateAsync(key, value, headers, cancellationToken);

        public Task<PutOutcome> UpdateAsync(string key, ReadOnlyMemory<byte> value, ulong revision, BusHeaders headers, CancellationToken cancellationToken) =>
            inner.UpdateAsync(key, value, revision, headers, cancellationToken);

        public Task<PutOutcome> DeleteAsync(string key, ulong revision, CancellationToken cancellationToken) => inner.DeleteAsync(key, revision, cancellationToken);

        public Task<GetOutcome> GetAsync(string key, CancellationToken cancellationToken) => Task.FromResult<GetOutcome>(new GetOutcome.Missing());

        public Task<GetOutcome> GetLatestAsync(string key, CancellationToken cancellationToken) => inner.GetLatestAsync(key, cancellationToken);

        public IAsyncEnumerable<BucketEvent> WatchAsync(string filter, CancellationToken cancellationToken) => inner.WatchAsync(filter, cancellationToken);

        public IAsyncEnumerable<string> KeysAsync(CancellationToken cancellationToken) => inner.KeysAsync(cancellationToken);

        public IAsyncEnumerable<BucketEntry> MarkersAsync(CancellationToken cancellationToken) => inner.MarkersAsync(cancellationToken);
    }
}
