using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Harmony.Fleet.Adapters.Nats.Connection;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>What an ordered consumer reads.</summary>
/// <param name="Stream">From where.</param>
/// <param name="Filter">Only these subjects: last-per-subject demands a filter.</param>
/// <param name="HeadersOnly">Without payloads.</param>
internal sealed record OrderedConsumerRequest(string Stream, string Filter, bool HeadersOnly);

/// <summary>
/// A short-lived consumer of the last message of each subject and all that follow, in order and without a gap: whatever could break that ends it,
/// and <see cref="LostReason"/> says why. The server sends what was asked for and no more, so that a slow reader holds it up, and fills no memory of it. It
/// belongs to one session. Not the library's own: that one goes on at the old sequence when the stream was made anew, and so skips what is new.
/// </summary>
internal sealed class OrderedConsumer : IAsyncDisposable
{
    /// <summary>What is asked for at a time, in bytes, as soon as half of that is left: little beside what a server lets a client have waiting (its max_pending).</summary>
    public const int PullBytes = 512 * 1024;

    // More than is on its way at a time, of messages that have at least a subject and a reply subject.
    private const int Capacity = 64 * 1024;
    private const int Idle = 100;
    private const int Expired = 408;
    private const int Closed = 409;
    private const int NoResponders = 503;
    private const int MostMessages = 1_000_000;

    private static readonly TimeSpan _pullLife = TimeSpan.FromSeconds(30);

    private readonly Session _session;
    private readonly Subscription _subscription;
    private readonly ConsumerWatchdog _watchdog;
    private readonly string _stream;
    private readonly string _name;
    private readonly TimeSpan _heartbeat;
    private ulong _delivered;
    private long _onItsWay;
    private int _most = PullBytes;

    private OrderedConsumer(Session session, Subscription subscription, ConsumerWatchdog watchdog, string stream, TimeSpan heartbeat)
    {
        _heartbeat = heartbeat;
        _session = session;
        _subscription = subscription;
        _watchdog = watchdog;
        _stream = stream;
        _name = subscription.Subject[(subscription.Subject.LastIndexOf('.') + 1)..];
    }

    /// <summary>How many messages were there when it was made.</summary>
    public ulong Initial { get; private set; }

    /// <summary>Why nothing more comes.</summary>
    public string? LostReason { get; private set; }

    /// <summary>Whether it was lost because the server that was asked knows no such consumer: not yet, where another server made it, or not any more.</summary>
    public bool IsUnknown { get; private set; }

    /// <summary>Makes a consumer.</summary>
    /// <returns>It, or the reason why there is none.</returns>
    public static async Task<(OrderedConsumer? Consumer, string? Reason)> OpenAsync(
        NatsLink link, NatsOptions options, TimeProvider time, OrderedConsumerRequest request, CancellationToken cancellationToken)
    {
        if (link.Current is not { } session)
        {
            return (null, "the connection to NATS is down");
        }

        var subscription = new Subscription(link.NewInbox(), Capacity, options.SubscriptionBytes, static _ => { });
        var watchdog = new ConsumerWatchdog(options.JetStream.IdleHeartbeat * options.JetStream.MaxMissedHeartbeats, time, session.Over, cancellationToken);
        var consumer = new OrderedConsumer(session, subscription, watchdog, request.Stream, options.JetStream.IdleHeartbeat);
        try
        {
            await subscription.AttachAsync(session, watchdog.Over);
            var made = await new NatsJSContext(session.Connection, new NatsJSOpts(session.Connection.Opts)).CreateConsumerAsync(
                request.Stream, consumer.Config(options.JetStream, request), watchdog.Over);
            consumer.Initial = (ulong)made.Info.NumPending;
            consumer.Refill();
            return (consumer, null);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && failure is NatsException or OperationCanceledException or ObjectDisposedException)
        {
            await consumer.DisposeAsync();
            return (null, failure is NatsJSApiException refused ? $"{refused.Error.Description} (error {refused.Error.ErrCode})" : failure.Message);
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

        // Without waiting: one that is left over goes by itself when nobody listens.
        Send($"$JS.API.CONSUMER.DELETE.{_stream}.{_name}");
    }

    private ConsumerConfig Config(JetStreamOptions options, OrderedConsumerRequest request) => new()
    {
        Name = _name,
        DeliverPolicy = ConsumerConfigDeliverPolicy.LastPerSubject,
        AckPolicy = ConsumerConfigAckPolicy.None,
        ReplayPolicy = ConsumerConfigReplayPolicy.Instant,
        FilterSubject = request.Filter,
        HeadersOnly = request.HeadersOnly,
        MaxDeliver = 1,
        InactiveThreshold = options.ConsumerInactiveThreshold,
        MemStorage = true,
        NumReplicas = 1,
    };

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
    private bool TryTake(in RawMessage message, out Delivery delivery)
    {
        // Only the server itself sends to the inbox's own name. A stored message keeps its own subject, whatever status its writer gave it.
        if (HeaderBlock.Status(message.Headers.Span) is > 0 and var status && string.Equals(message.Subject, _subscription.Subject, StringComparison.Ordinal))
        {
            return TryControl(status, message.Headers.Span, out delivery);
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

        // As the server counts, so that a pull needs no word of its end: of one that is filled to the byte none is said.
        _onItsWay -= message.Bytes;
        Refill();
        return true;
    }

    private bool TryControl(int status, ReadOnlySpan<byte> headers, out Delivery delivery)
    {
        delivery = new(default, default, IsIdle: true);
        switch (status)
        {
            case Idle:
                return !HasGap(headers);
            case Expired or Closed when HeaderBlock.TryFind(headers, "Nats-Pending-Bytes"u8, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var left):
                // Over before it was filled, by its time or because the next message did not fit: one may be larger than a whole pull.
                _most = status == Closed && left >= _most ? _most * 2 : PullBytes;
                _onItsWay -= left;
                Refill();
                return false;
            default:
                IsUnknown = status == NoResponders;
                LostReason = $"the server says: {HeaderBlock.StatusLine(headers)}";
                return false;
        }
    }

    private bool HasGap(ReadOnlySpan<byte> headers)
    {
        if (HeaderBlock.TryFind(headers, "Nats-Last-Consumer"u8, out var text)
            && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var last) && last != _delivered)
        {
            LostReason = $"messages {_delivered + 1} to {last} of the consumer are missing";
        }

        return LostReason is not null;
    }

    /// <summary>Asks for the next messages before the last ones are there.</summary>
    private void Refill()
    {
        if (_onItsWay > PullBytes / 2)
        {
            return;
        }

        _onItsWay += _most;
        Send(
            $"$JS.API.CONSUMER.MSG.NEXT.{_stream}.{_name}",
            string.Create(CultureInfo.InvariantCulture, $$"""{"batch":{{MostMessages}},"max_bytes":{{_most}},"expires":{{_pullLife.Ticks * 100}},"idle_heartbeat":{{_heartbeat.Ticks * 100}}}"""),
            _subscription.Subject);
    }

    // What is lost is found by the watchdog.
    [SuppressMessage("Reliability", "CA2012:Use ValueTasks correctly", Justification = "Told in the comment: nobody needs to wait for it.")]
    private void Send(string subject, string? payload = null, string? reply = null)
    {
        try
        {
            if (_session.IsOpen)
            {
                _ = payload is null
                    ? _session.Connection.PublishAsync(subject, cancellationToken: _session.Over)
                    : _session.Connection.PublishAsync(subject, Encoding.UTF8.GetBytes(payload), replyTo: reply, cancellationToken: _session.Over);
            }
        }
        catch (Exception gone) when (gone is NatsException or ObjectDisposedException)
        {
            // The session is over, and with it the consumer.
        }
    }
}
