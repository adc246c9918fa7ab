using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.KeyValue;
using Harmony.Fleet.Ports.Bus;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;

namespace Harmony.Fleet.Adapters.Nats.Bus;

/// <summary>The message bus on NATS. Nothing is sent before <see cref="ConnectAsync"/> or <see cref="Start"/>.</summary>
public sealed class NatsBus : IBus
{
    private const int SubscriptionCapacity = 64 * 1024;

    private readonly NatsLink _link;
    private readonly NatsOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>A bus that is yet to be connected.</summary>
    /// <param name="options">How.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told what happens to the connection and to watches, never a secret.</param>
    /// <exception cref="ArgumentException">The options cannot be used; it tells everything that is wrong with them.</exception>
    public NatsBus(NatsOptions options, TimeProvider time, ILogger logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _link = new(options, time, logger);
    }

    /// <summary>The library's connection of the moment, for what is no business of the bus; null while the link is down. Not to be kept: each loss makes a new one.</summary>
    public INatsConnection? Connection => _link.Current?.Connection;

    /// <inheritdoc/>
    public LinkState Link => _link.Link;

    /// <summary>Makes the first connection, trying each server once, and keeps it from then on.</summary>
    /// <exception cref="NatsConnectException">It could not be made. Nothing goes on in the background; it may be called again.</exception>
    /// <exception cref="InvalidOperationException">The connection was started already.</exception>
    public Task ConnectAsync(CancellationToken cancellationToken) => _link.ConnectAsync(cancellationToken);

    /// <summary>Connects in the background, for ever.</summary>
    /// <exception cref="InvalidOperationException">The connection was started already.</exception>
    public void Start() => _link.Start();

    /// <inheritdoc/>
    public IAsyncEnumerable<LinkState> LinkChangesAsync(CancellationToken cancellationToken) => _link.LinkChangesAsync(cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The subject is none.</exception>
    public async Task<ISubscription> SubscribeAsync(string subject, CancellationToken cancellationToken) =>
        new NatsBusSubscription(await _link.SubscribeAsync(subject, SubscriptionCapacity, cancellationToken));

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The subject is none.</exception>
    public ValueTask<PublishOutcome> PublishAsync(string subject, ReadOnlyMemory<byte> payload, BusHeaders headers, CancellationToken cancellationToken) =>
        _link.PublishAsync(subject, payload, KvHeaders.Of(headers), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> AnswersAsync(CancellationToken cancellationToken) => _link.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public IBucket Bucket(string name) => new KvBucket(name, _link, _options, _time, _logger);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _link.DisposeAsync();
}
