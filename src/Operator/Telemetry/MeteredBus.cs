using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Telemetry;

/// <summary>A bus whose buckets' requests are measured, and its link.</summary>
internal sealed class MeteredBus : IBus
{
    private readonly IBus bus;
    private readonly RequestMeter requests;

    /// <summary>Measures a bus.</summary>
    public MeteredBus(IBus bus, FleetMeter meter)
    {
        this.bus = bus;
        requests = new RequestMeter(meter.BusTime, "bus", "bucket");
        meter.Gauge("fleet.bus.link.up", "1", "Whether the link to the bus stands.", () => bus.Link.IsUp ? 1 : 0);
        meter.Gauge("fleet.bus.link.connects", "{connection}", "Connections to the bus since the operator began.", () => bus.Link.Connects);
    }

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
    public IBucket Bucket(string name) => new MeteredBucket(bus.Bucket(name), requests);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => bus.DisposeAsync();
}

/// <summary>A bucket whose requests are measured; watches, which last, are not.</summary>
internal sealed class MeteredBucket(IBucket bucket, RequestMeter requests) : IBucket
{
    /// <inheritdoc/>
    public string Name => bucket.Name;

    /// <inheritdoc/>
    public Task<PutOutcome> CreateAsync(string key, ReadOnlyMemory<byte> value, BusHeaders headers, CancellationToken cancellationToken) =>
        requests.MeasureAsync("create", Name, () => bucket.CreateAsync(key, value, headers, cancellationToken));

    /// <inheritdoc/>
    public Task<PutOutcome> UpdateAsync(string key, ReadOnlyMemory<byte> value, ulong revision, BusHeaders headers, CancellationToken cancellationToken) =>
        requests.MeasureAsync("update", Name, () => bucket.UpdateAsync(key, value, revision, headers, cancellationToken));

    /// <inheritdoc/>
    public Task<PutOutcome> DeleteAsync(string key, ulong revision, CancellationToken cancellationToken) =>
        requests.MeasureAsync("delete", Name, () => bucket.DeleteAsync(key, revision, cancellationToken));

    /// <inheritdoc/>
    public Task<GetOutcome> GetAsync(string key, CancellationToken cancellationToken) =>
        requests.MeasureAsync("get", Name, () => bucket.GetAsync(key, cancellationToken));

    /// <inheritdoc/>
    public Task<GetOutcome> GetLatestAsync(string key, CancellationToken cancellationToken) =>
        requests.MeasureAsync("get", Name, () => bucket.GetLatestAsync(key, cancellationToken));

    /// <inheritdoc/>
    public IAsyncEnumerable<BucketEvent> WatchAsync(string filter, CancellationToken cancellationToken) => bucket.WatchAsync(filter, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<string> KeysAsync(CancellationToken cancellationToken) => bucket.KeysAsync(cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<BucketEntry> MarkersAsync(CancellationToken cancellationToken) => bucket.MarkersAsync(cancellationToken);
}
