using System.Text;
using Harmony.Fleet.Adapters.Nats.Protocol;
using Harmony.Fleet.Ports.Bus;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>One connection to NATS that makes itself anew whenever it is lost. Nothing is sent before <see cref="ConnectAsync"/> or <see cref="Start"/>.</summary>
public sealed class NatsConnection : IAsyncDisposable
{
    private const int StackBytes = 256;

    private readonly NatsOptions _options;
    private readonly TimeProvider _time;
    private readonly RequestInbox _inbox;
    private readonly SubscriptionTable _subscriptions;
    private readonly SessionKeeper _keeper;

    /// <summary>A connection that is yet to be made.</summary>
    /// <param name="options">How.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told what happens to the connection, never a secret.</param>
    /// <exception cref="ArgumentException">The options cannot be used; it tells everything that is wrong with them.</exception>
    public NatsConnection(NatsOptions options, TimeProvider time, ILogger logger)
    {
        if (options.Problems() is { IsEmpty: false } problems)
        {
            throw new ArgumentException(string.Join(' ', problems), nameof(options));
        }

        _options = options;
        _time = time;
        _inbox = new(options, time);
        _subscriptions = new(options.SubscriptionBytes);
        _keeper = new(options, time, logger, _inbox, _subscriptions);
    }

    /// <summary>Whether the server is there.</summary>
    public LinkState Link => _keeper.Link;

    /// <summary>What the server last said of itself; null before the first connect.</summary>
    public ServerInfo? Server => _keeper.Server;

    /// <summary>Makes the first connection, trying each server once, and keeps it from then on.</summary>
    /// <exception cref="NatsConnectException">It could not be made. Nothing goes on in the background; it may be called again.</exception>
    /// <exception cref="InvalidOperationException">The connection was started already.</exception>
    public Task ConnectAsync(CancellationToken cancellationToken) => _keeper.ConnectAsync(cancellationToken);

    /// <summary>Connects in the background, for ever.</summary>
    /// <exception cref="InvalidOperationException">The connection was started already.</exception>
    public void Start() => _keeper.Start();

    /// <summary>The present state of the link, and each later one; only the newest is kept for a slow reader. Ends with the connection's disposal.</summary>
    public IAsyncEnumerable<LinkState> LinkChangesAsync(CancellationToken cancellationToken) => _keeper.LinkChangesAsync(cancellationToken);

    /// <summary>What the server complains about while the connection goes on (permission violations and the like), from the first step of the reader on.</summary>
    public IAsyncEnumerable<ServerNotice> NoticesAsync(CancellationToken cancellationToken) => _keeper.NoticesAsync(cancellationToken);

    /// <summary>
    /// Sends without acknowledgement. While the outgoing buffer is full it waits, at most <see cref="NatsOptions.PublishWait"/>, and then answers BufferFull;
    /// the payload must not change until the task ends. While the link is down it answers LinkDown at once.
    /// </summary>
    /// <exception cref="ArgumentException">The subject is none.</exception>
    public ValueTask<PublishOutcome> PublishAsync(
        string subject,
        ReadOnlyMemory<byte> payload,
        NatsHeaders? headers = null,
        string? replyTo = null,
        CancellationToken cancellationToken = default)
    {
        SubjectRules.Demand(subject);
        if (replyTo is not null)
        {
            SubjectRules.Demand(replyTo);
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<PublishOutcome>(cancellationToken);
        }

        var outcome = TryPublish(subject, payload.Span, headers, replyTo);
        return outcome == PublishOutcome.BufferFull && _options.PublishWait > TimeSpan.Zero
            ? PublishWhenRoomAsync(subject, payload, headers, replyTo, cancellationToken)
            : new(outcome);
    }

    /// <summary>Waits until the server has seen all that was sent before: a round trip.</summary>
    /// <returns>False when the link is down or went down meanwhile.</returns>
    public async ValueTask<bool> FlushAsync(CancellationToken cancellationToken) =>
        _keeper.Current is { } session && await session.Outgoing.PingAsync().WaitAsync(cancellationToken);

    /// <summary>
    /// Listens. Registered with the server when the task ends, or at the next connect when the link is down. Where this user may not listen,
    /// <see cref="NatsSubscription.Refusal"/> says so.
    /// </summary>
    /// <param name="subject">Wildcards allowed.</param>
    /// <param name="queueGroup">The group whose members share the messages; null for none.</param>
    /// <param name="capacity">The most messages that wait for the reader.</param>
    /// <param name="cancellationToken">Gives up, and leaves no subscription behind.</param>
    /// <exception cref="ArgumentException">The subject, or the group, is none.</exception>
    public async Task<NatsSubscription> SubscribeAsync(string subject, string? queueGroup, int capacity, CancellationToken cancellationToken)
    {
        SubjectRules.Demand(subject);
        if (queueGroup is not null)
        {
            SubjectRules.Demand(queueGroup);
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        cancellationToken.ThrowIfCancellationRequested();
        var subscription = _subscriptions.Add(subject, queueGroup, capacity);
        try
        {
            await FlushAsync(cancellationToken);
            return subscription;
        }
        catch (OperationCanceledException)
        {
            await subscription.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Asks, and awaits one answer in the connection's own inbox. Made for pipelining: no allocation and no timer a request. Await the task once; until it
    /// is awaited it holds its place in the inbox. Timeouts are told up to 100 ms late.
    /// </summary>
    /// <exception cref="ArgumentException">The subject is none.</exception>
    public ValueTask<RequestOutcome> RequestAsync(
        string subject,
        ReadOnlyMemory<byte> payload,
        NatsHeaders? headers,
        TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        SubjectRules.Demand(subject);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<RequestOutcome>(cancellationToken);
        }

        return TryRequest(subject, payload.Span, headers, timeout, cancellationToken, out var task) switch
        {
            PublishOutcome.Sent => task,
            PublishOutcome.LinkDown => new(RequestOutcome.Of(RequestStatus.LinkDown)),
            PublishOutcome.TooLarge => new(RequestOutcome.Of(RequestStatus.TooLarge)),
            _ => RequestWhenRoomAsync(subject, payload, headers, timeout, cancellationToken),
        };
    }

    /// <summary>A new subject under the inbox prefix: for a subscription that awaits several answers to one publish.</summary>
    public string NewInbox() => _inbox.NewSubject();

    /// <summary>Sends what is still to be sent, within <see cref="NatsOptions.DisposeWait"/>, and ends everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await _keeper.DisposeAsync();
        _inbox.Dispose();
    }

    private PublishOutcome TryPublish(string subject, ReadOnlySpan<byte> payload, NatsHeaders? headers, string? replyTo)
    {
        if (_keeper.Current is not { } session)
        {
            return PublishOutcome.LinkDown;
        }

        var block = headers is null ? default : headers.Block;
        if (replyTo is null)
        {
            return session.Outgoing.TryPublish(subject, default, block, payload, needsInbox: false);
        }

        var length = Encoding.UTF8.GetByteCount(replyTo);
        var reply = length <= StackBytes ? stackalloc byte[length] : new byte[length];
        Encoding.UTF8.GetBytes(replyTo, reply);
        return session.Outgoing.TryPublish(subject, reply, block, payload, needsInbox: false);
    }

    private PublishOutcome TryRequest(
        string subject, ReadOnlySpan<byte> payload, NatsHeaders? headers, TimeSpan timeout, CancellationToken cancellationToken, out ValueTask<RequestOutcome> task)
    {
        task = default;
        if (_keeper.Current is not { } session)
        {
            return PublishOutcome.LinkDown;
        }

        if (_inbox.Rent(out var isAlone) is not { } request)
        {
            // Answered at once: room in the outgoing buffer would not help.
            task = new(RequestOutcome.Of(RequestStatus.BufferFull));
            return PublishOutcome.Sent;
        }

        Span<byte> reply = _inbox.ReplyBytes <= StackBytes ? stackalloc byte[_inbox.ReplyBytes] : new byte[_inbox.ReplyBytes];
        var begun = _inbox.Begin(request, subject, timeout, reply);
        var outcome = session.Outgoing.TryPublish(subject, reply, headers is null ? default : headers.Block, payload, needsInbox: true, isAlone);
        if (outcome == PublishOutcome.Sent)
        {
            request.CancelWith(cancellationToken);
            task = begun;
        }
        else
        {
            request.Abandon(begun);
        }

        return outcome;
    }

    private async ValueTask<PublishOutcome> PublishWhenRoomAsync(
        string subject, ReadOnlyMemory<byte> payload, NatsHeaders? headers, string? replyTo, CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        PublishOutcome outcome;
        do
        {
            outcome = await HasRoomAsync(start, cancellationToken) ? TryPublish(subject, payload.Span, headers, replyTo) : PublishOutcome.BufferFull;
        }
        while (outcome == PublishOutcome.BufferFull && _time.GetElapsedTime(start) < _options.PublishWait);
        return outcome;
    }

    private async ValueTask<RequestOutcome> RequestWhenRoomAsync(
        string subject, ReadOnlyMemory<byte> payload, NatsHeaders? headers, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        do
        {
            if (!await HasRoomAsync(start, cancellationToken))
            {
                break;
            }

            switch (TryRequest(subject, payload.Span, headers, timeout, cancellationToken, out var task))
            {
                case PublishOutcome.Sent:
                    return await task;
                case PublishOutcome.LinkDown:
                    return RequestOutcome.Of(RequestStatus.LinkDown);
                case PublishOutcome.TooLarge:
                    return RequestOutcome.Of(RequestStatus.TooLarge);
            }
        }
        while (_time.GetElapsedTime(start) < _options.PublishWait);
        return RequestOutcome.Of(RequestStatus.BufferFull);
    }

    /// <summary>Waits until the flushing loop has made room, or the time for that is over.</summary>
    private async ValueTask<bool> HasRoomAsync(long start, CancellationToken cancellationToken)
    {
        var left = _options.PublishWait - _time.GetElapsedTime(start);
        if (left <= TimeSpan.Zero)
        {
            return false;
        }

        try
        {
            await (_keeper.Current?.Outgoing.SpaceAsync() ?? Task.CompletedTask).WaitAsync(left, _time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
