using System.Diagnostics.CodeAnalysis;
using Harmony.Fleet.Adapters.Nats.Connection;

namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>
/// A short-lived push consumer of the last message of each subject and all that follow, in order and without a gap: whatever could break that ends it,
/// and <see cref="LostReason"/> says why. Flow control lets a slow reader slow the server down.
/// </summary>
internal sealed class OrderedConsumer : IAsyncDisposable
{
    // More than the server sends before it waits for our flow control (32 MiB of messages that have at least a subject and a reply subject).
    private const int Capacity = 512 * 1024;

    private readonly NatsConnection _connection;
    private readonly ConsumerApi _api;
    private readonly NatsSubscription _subscription;
    private readonly ConsumerWatchdog _watchdog;
    private readonly string _stream;
    private readonly string _name;
    private ulong _delivered;

    private OrderedConsumer(NatsConnection connection, ConsumerApi api, NatsSubscription subscription, ConsumerWatchdog watchdog, string stream, string name)
    {
        _connection = connection;
        _api = api;
        _subscription = subscription;
        _watchdog = watchdog;
        _stream = stream;
        _name = name;
    }

    /// <summary>How many messages were there when it was made.</summary>
    public ulong Initial { get; private set; }

    /// <summary>Why nothing more comes.</summary>
    public string? LostReason { get; private set; }

    /// <summary>Makes a consumer.</summary>
    /// <returns>It, or the reason why there is none.</returns>
    public static async Task<(OrderedConsumer? Consumer, string? Reason)> OpenAsync(
        NatsConnection connection,
        JetStreamOptions options,
        TimeProvider time,
        OrderedConsumerRequest request,
        CancellationToken cancellationToken)
    {
        var connects = connection.Link.Connects;
        var inbox = connection.NewInbox();
        var name = inbox[(inbox.LastIndexOf('.') + 1)..];
        var subscription = await connection.SubscribeAsync(inbox, null, Capacity, cancellationToken);
        var watchdog = new ConsumerWatchdog(connection, connects, options.IdleHeartbeat * options.MaxMissedHeartbeats, time, cancellationToken);
        var consumer = new OrderedConsumer(connection, new ConsumerApi(connection, options), subscription, watchdog, request.Stream, name);
        try
        {
            if (await consumer.CreateAsync(inbox, options, request, cancellationToken) is not { } problem)
            {
                return (consumer, null);
            }

            await consumer.DisposeAsync();
            return (null, problem);
        }
        catch
        {
            await consumer.DisposeAsync();
            throw;
        }
    }

    /// <summary>The next message, or word that there is none at present; null when the consumer is lost.</summary>
    public async ValueTask<Delivery?> NextAsync(CancellationToken cancellationToken)
    {
        do
        {
            while (LostReason is null && _subscription.TryRead(out var message))
            {
                if (TryTake(message, out var delivery))
                {
                    return delivery;
                }
            }
        }
        while (LostReason is null && await WaitAsync(cancellationToken));
        return null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _watchdog.DisposeAsync();
        await _subscription.DisposeAsync();
        await _api.ReleaseAsync(_stream, _name);
    }

    private static long Nanoseconds(TimeSpan span) => span.Ticks * 100;

    private async Task<string?> CreateAsync(string inbox, JetStreamOptions options, OrderedConsumerRequest request, CancellationToken cancellationToken)
    {
        var config = new ConsumerConfig
        {
            Name = _name,
            DeliverSubject = inbox,
            FilterSubject = request.Filter,
            HeadersOnly = request.HeadersOnly,
            MaxDeliver = 1,
            FlowControl = true,
            IdleHeartbeat = Nanoseconds(options.IdleHeartbeat),
            InactiveThreshold = Nanoseconds(options.ConsumerInactiveThreshold),
            MemStorage = true,
            NumReplicas = 1,
        };
        switch (await _api.CreateAsync(request.Stream, config, cancellationToken))
        {
            case ApiOutcome<ConsumerInfo>.Ok made:
                Initial = made.Value.NumPending;
                return null;
            case ApiOutcome<ConsumerInfo>.Refused refused:
                return refused.Error.ToString();
            case ApiOutcome<ConsumerInfo>.Unavailable away:
                return away.Reason;
            default:
                return "an unknown outcome";
        }
    }

    private async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        _watchdog.Wait();
        try
        {
            if (await _subscription.WaitToReadAsync(_watchdog.Over))
            {
                return true;
            }

            LostReason = "the connection to NATS was closed";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            LostReason = _watchdog.Reason;
        }
        finally
        {
            _watchdog.Rest();
        }

        return false;
    }

    /// <summary>Whether the reader gets something for this message; what tells of a gap ends the consumer instead.</summary>
    private bool TryTake(in NatsMessage message, out Delivery delivery)
    {
        // Only the server itself sends to the inbox's own name. A stored message keeps its own subject, whatever status its writer gave it.
        if (message.Status == 100 && string.Equals(message.Subject, _subscription.Subject, StringComparison.Ordinal))
        {
            return TryControl(message, out delivery);
        }

        delivery = default;
        if (!DeliveryOrigin.TryParse(message.ReplyTo, out var origin))
        {
            return false;
        }

        if (origin.ConsumerSequence != _delivered + 1)
        {
            LostReason = $"message {_delivered + 1} of the consumer is missing";
            return false;
        }

        _delivered++;
        delivery = new(message, origin, false);
        return true;
    }

    private bool TryControl(in NatsMessage message, out Delivery delivery)
    {
        delivery = new(default, default, IsIdle: true);
        if (message.ReplyTo is { } flow)
        {
            Answer(flow);
            return false;
        }

        if (message.Headers?.TryGetNumber("Nats-Last-Consumer", out var last) == true && last != _delivered)
        {
            LostReason = $"messages {_delivered + 1} to {last} of the consumer are missing";
            return false;
        }

        if (message.Headers?.Get("Nats-Consumer-Stalled") is { } stalled)
        {
            Answer(stalled);
            return false;
        }

        return true;
    }

    // A lost answer is asked for again by the next heartbeat.
    [SuppressMessage("Reliability", "CA2012:Use ValueTasks correctly", Justification = "Told in the comment: nobody needs to wait for it.")]
    private void Answer(string subject) => _ = _connection.PublishAsync(subject, ReadOnlyMemory<byte>.Empty);
}
