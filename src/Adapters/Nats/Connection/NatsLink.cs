using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Harmony.Fleet.Ports.Bus;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>
/// The way to NATS over one session after another. What the library throws are outcomes here, and what waits for an answer ends with its session. Nothing is
/// sent before <see cref="ConnectAsync"/> or <see cref="Start"/>.
/// </summary>
internal sealed class NatsLink : IAsyncDisposable
{
    // A stored message may look like the word that nobody answers; this header the server adds to what it has stored.
    private const string StoredMark = "Nats-Sequence";

    private readonly NatsOptions _options;
    private readonly SubscriptionTable _subscriptions;
    private readonly SessionLoop _loop;
    private readonly NatsSubOpts _reply;

    /// <exception cref="ArgumentException">The options cannot be used; it tells everything that is wrong with them.</exception>
    public NatsLink(NatsOptions options, TimeProvider time, ILogger logger)
    {
        if (options.Problems() is { IsEmpty: false } problems)
        {
            throw new ArgumentException(string.Join(' ', problems), nameof(options));
        }

        _options = options;
        _subscriptions = new(options.SubscriptionBytes);
        _loop = new(options, time, logger, _subscriptions);
        // All of it is said, or the library copies it for each request.
        _reply = new() { MaxMsgs = 1, Timeout = options.JetStream.RequestTimeout, ThrowIfNoResponders = false };
    }

    /// <summary>Whether the server is there.</summary>
    public LinkState Link => _loop.Link;

    /// <summary>The present session; null while the link is down.</summary>
    public Session? Current => _loop.Current is { IsOpen: true } session ? session : null;

    /// <summary>Makes the first connection, trying each server once, and keeps it from then on.</summary>
    /// <exception cref="NatsConnectException">It could not be made. Nothing goes on in the background; it may be called again.</exception>
    /// <exception cref="InvalidOperationException">The connection was started already.</exception>
    public Task ConnectAsync(CancellationToken cancellationToken) => _loop.ConnectAsync(cancellationToken);

    /// <summary>Connects in the background, for ever.</summary>
    /// <exception cref="InvalidOperationException">The connection was started already.</exception>
    public void Start() => _loop.Start();

    /// <summary>The present state of the link, and each later one; only the newest is kept for a slow reader. Ends with the disposal.</summary>
    public IAsyncEnumerable<LinkState> LinkChangesAsync(CancellationToken cancellationToken) => _loop.LinkChangesAsync(cancellationToken);

    /// <summary>Listens. Registered with the server when the task ends, or at the next connect when the link is down.</summary>
    /// <exception cref="ArgumentException">The subject is none.</exception>
    public Task<Subscription> SubscribeAsync(string subject, int capacity, CancellationToken cancellationToken)
    {
        SubjectRules.Demand(subject);
        cancellationToken.ThrowIfCancellationRequested();
        return _subscriptions.AddAsync(subject, capacity, _options.JetStream.RequestTimeout, cancellationToken);
    }

    /// <summary>
    /// Sends without acknowledgement. While the outgoing buffer is full it waits, at most <see cref="NatsOptions.PublishWait"/>, and then answers BufferFull;
    /// the payload must not change until the task ends. While the link is down it answers LinkDown at once.
    /// </summary>
    /// <exception cref="ArgumentException">The subject is none.</exception>
    public ValueTask<PublishOutcome> PublishAsync(string subject, ReadOnlyMemory<byte> payload, NatsHeaders? headers, CancellationToken cancellationToken)
    {
        SubjectRules.Demand(subject);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<PublishOutcome>(cancellationToken);
        }

        if (Current is not { } session)
        {
            return new(PublishOutcome.LinkDown);
        }

        try
        {
            var sending = session.Connection.PublishAsync(subject, payload, headers, null, Raw.Bytes, null, cancellationToken);
            return sending.IsCompletedSuccessfully ? new(PublishOutcome.Sent) : WaitAsync(session, sending, cancellationToken);
        }
        catch (Exception failure) when (Outcome(session, failure) is not null)
        {
            return new(Outcome(session, failure)!.Value);
        }
    }

    /// <summary>Asks, and awaits one answer.</summary>
    /// <param name="subject">Where.</param>
    /// <param name="payload">What; it must not change until the task ends.</param>
    /// <param name="headers">With which headers; used up by it.</param>
    /// <param name="reader">Reads the answer, on the thread that receives.</param>
    /// <param name="cancellationToken">Gives up.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Reply<T>> RequestAsync<T>(
        string subject, ReadOnlyMemory<byte> payload, NatsHeaders? headers, INatsDeserialize<T> reader, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Current is not { } session)
        {
            return new(ReplyStatus.LinkDown);
        }

        var both = cancellationToken.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, session.Over) : null;
        try
        {
            var answer = await session.Connection.RequestAsync(subject, payload, headers, Raw.Bytes, reader, null, _reply, both?.Token ?? session.Over);
            return answer.Error is not null ? new(ReplyStatus.Unreadable)
                : answer.HasNoResponders && answer.Headers?.ContainsKey(StoredMark) != true ? new(ReplyStatus.NoResponders)
                : new(ReplyStatus.Replied, answer.Data, answer.Headers);
        }
        catch (NatsNoReplyException)
        {
            return new(session.Denial(subject) is null ? ReplyStatus.TimedOut : ReplyStatus.Denied);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && Outcome(session, failure) is not null)
        {
            return new(Outcome(session, failure) switch
            {
                PublishOutcome.TooLarge => ReplyStatus.TooLarge,
                PublishOutcome.BufferFull => ReplyStatus.BufferFull,
                _ => ReplyStatus.LinkDown,
            });
        }
        finally
        {
            both?.Dispose();
        }
    }

    /// <summary>Waits until the server has seen all that was sent before: a round trip. False when the link is down or goes down meanwhile.</summary>
    public async Task<bool> FlushAsync(CancellationToken cancellationToken) =>
        Current is { } session && await session.FlushAsync(_options.JetStream.RequestTimeout, cancellationToken);

    /// <summary>A new subject under the inbox prefix, which nobody can guess.</summary>
    public string NewInbox() => $"{_options.InboxPrefix}.{RandomNumberGenerator.GetHexString(22, lowercase: true)}";

    /// <summary>Sends what is still to be sent, within <see cref="NatsOptions.DisposeWait"/>, and ends everything.</summary>
    public ValueTask DisposeAsync() => _loop.DisposeAsync();

    private static async ValueTask<PublishOutcome> WaitAsync(Session session, ValueTask sending, CancellationToken cancellationToken)
    {
        try
        {
            await sending;
            return PublishOutcome.Sent;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && Outcome(session, failure) is not null)
        {
            return Outcome(session, failure)!.Value;
        }
    }

    /// <summary>What a failure to send means; null for a bug.</summary>
    private static PublishOutcome? Outcome(Session session, Exception failure) => failure switch
    {
        NatsPayloadTooLargeException => PublishOutcome.TooLarge,
        NatsTimeoutException => PublishOutcome.BufferFull,
        OperationCanceledException or ObjectDisposedException => PublishOutcome.LinkDown,
        NatsException when !session.IsOpen => PublishOutcome.LinkDown,
        _ => null,
    };

    /// <summary>Bytes as they are.</summary>
    private static class Raw
    {
        public static readonly INatsSerialize<ReadOnlyMemory<byte>> Bytes = NatsRawSerializer<ReadOnlyMemory<byte>>.Default;
    }
}
