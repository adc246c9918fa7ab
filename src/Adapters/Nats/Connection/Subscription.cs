using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>
/// A subscription: it outlives sessions, and disposing it ends it. Messages wait in a buffer that is bounded by count and by bytes, for one reader; when it is
/// full, the newest is dropped and counted, and the connection goes on.
/// </summary>
internal sealed class Subscription : IAsyncDisposable
{
    private readonly Channel<RawMessage> _messages;
    private readonly Action<Subscription> _ended;
    private readonly long _maxBytes;
    private SubscriptionFeed? _feed;
    private long _bytes;
    private long _dropped;
    private bool _isDisposed;

    /// <param name="subject">The subject, wildcards and all.</param>
    /// <param name="capacity">The most messages that wait.</param>
    /// <param name="maxBytes">The most bytes that wait.</param>
    /// <param name="ended">Told of the disposal.</param>
    public Subscription(string subject, int capacity, long maxBytes, Action<Subscription> ended)
    {
        Subject = subject;
        _maxBytes = maxBytes;
        _ended = ended;
        _messages = Channel.CreateBounded<RawMessage>(new BoundedChannelOptions(capacity) { SingleReader = true, SingleWriter = true });
    }

    /// <summary>The subject, wildcards and all.</summary>
    public string Subject { get; }

    /// <summary>How many messages were dropped because the reader was slow: read the truth again when it grows.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>The messages; ends when the subscription or its connection is disposed. One reader.</summary>
    public async IAsyncEnumerable<RawMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await WaitToReadAsync(cancellationToken))
        {
            while (TryRead(out var message))
            {
                yield return message;
            }
        }
    }

    /// <summary>Whether there is, or comes, something to read; false at the end.</summary>
    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken) => _messages.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>Takes what has come already.</summary>
    public bool TryRead([MaybeNullWhen(false)] out RawMessage message)
    {
        if (!_messages.Reader.TryRead(out message))
        {
            return false;
        }

        Interlocked.Add(ref _bytes, -message.Bytes);
        return true;
    }

    /// <summary>Hands over a message, or counts it as dropped.</summary>
    public void Offer(in RawMessage message)
    {
        // Whole messages, as the server's flow control counts them: a consumer that it holds back never comes near the limit.
        if (Interlocked.Add(ref _bytes, message.Bytes) > _maxBytes || !_messages.Writer.TryWrite(message))
        {
            Interlocked.Add(ref _bytes, -message.Bytes);
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Tells a session's server of it.</summary>
    public async Task AttachAsync(Session session, CancellationToken cancellationToken)
    {
        var feed = new SubscriptionFeed(session.Connection, this);
        Volatile.Write(ref _feed, feed);
        await session.Connection.AddSubAsync(feed, cancellationToken);
        if (Volatile.Read(ref _isDisposed))
        {
            // While the server was told of it.
            await feed.EndAsync();
        }
    }

    /// <summary>No message comes any more.</summary>
    public void Complete() => _messages.Writer.TryComplete();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _isDisposed, true);
        _ended(this);
        Complete();
        if (Volatile.Read(ref _feed) is { } feed)
        {
            await feed.EndAsync();
        }
    }
}
