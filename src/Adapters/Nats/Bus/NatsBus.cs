using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.JetStream;
using Harmony.Fleet.Adapters.Nats.KeyValue;
using Harmony.Fleet.Adapters.Nats.Protocol;
using Harmony.Fleet.Ports.Bus;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Adapters.Nats.Bus;

/// <summary>The message bus on a NATS connection, which it owns from then on. Start, or connect, the connection first or later: both work.</summary>
public sealed class NatsBus : IBus
{
    private const int SubscriptionCapacity = 64 * 1024;

    private readonly NatsConnection _connection;
    private readonly JetStreamOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly JetStreamPublisher _publisher;

    /// <summary>A bus on <paramref name="connection"/>.</summary>
    /// <param name="connection">Disposed with the bus.</param>
    /// <param name="options">How JetStream is used.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">What becomes of watches is told here.</param>
    public NatsBus(NatsConnection connection, JetStreamOptions options, TimeProvider time, ILogger logger)
    {
        _connection = connection;
        _options = options;
        _time = time;
        _logger = logger;
        _publisher = new JetStreamPublisher(connection, options);
        Admin = new NatsBusAdmin(connection, options);
    }

    /// <summary>For the control plane: what changes whole buckets. A device has no right to any of it.</summary>
    public NatsBusAdmin Admin { get; }

    /// <inheritdoc/>
    public LinkState Link => _connection.Link;

    /// <inheritdoc/>
    public IAsyncEnumerable<LinkState> LinkChangesAsync(CancellationToken cancellationToken) => _connection.LinkChangesAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<ISubscription> SubscribeAsync(string subject, CancellationToken cancellationToken) =>
        new NatsBusSubscription(await _connection.SubscribeAsync(subject, null, SubscriptionCapacity, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<PublishOutcome> PublishAsync(string subject, ReadOnlyMemory<byte> payload, BusHeaders headers, CancellationToken cancellationToken) =>
        _connection.PublishAsync(subject, payload, headers.Mac is { } mac ? NatsHeaders.Of(BusHeaders.MacName, mac) : null, null, cancellationToken);

    /// <inheritdoc/>
    public IBucket Bucket(string name) => new KvBucket(name, _connection, _publisher, _options, _time, _logger);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
