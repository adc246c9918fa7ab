using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>
/// A subscription: it survives reconnects, and disposing it ends it. Messages wait in a bounded buffer for one reader; when that is full, the newest is
/// dropped and counted, and the connection goes on.
/// </summary>
public sealed class NatsSubscription : IAsyncDisposable
{
    private readonly Channel<NatsMessage> _messages;
    private readonly Func<NatsSubscription, ValueTask> _unsubscribe;
    private readonly long _maxBytes;
    private long _bytes;
    private long _dropped;
    private string? _refusal;

    internal NatsSubscription(ulong sid, string subject, string? queueGroup, int capacity, long maxBytes, Func<NatsSubscription, ValueTask> unsubscribe)
    {
        Sid = sid;
        Subject = subject;
        SubjectBytes = Encoding.UTF8.GetBytes(subject);
        QueueGroup = queueGroup;
        _maxBytes = maxBytes;
        _unsubscribe = unsubscribe;
        _messages = Channel.CreateBounded<NatsMessage>(new BoundedChannelOptions(capacity) { SingleReader = true, SingleWriter = true });
    }

    /// <summary>The subject, wildcards and all.</summary>
    public string Subject { get; }

    /// <summary>The queue group; null for none.</summary>
    public string? QueueGroup { get; }

    /// <summary>How many messages were dropped because the reader was slow: read the truth again when it grows.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Why the server does not let us listen here; null when it has not said so.</summary>
    public string? Refusal => Volatile.Read(ref _refusal);

    /// <summary>The number that the server knows it by.</summary>
    internal ulong Sid { get; }

    /// <summary>The subject as it travels.</summary>
    internal byte[] SubjectBytes { get; }

    /// <summary>The messages; ends when the subscription or its connection is disposed. One reader.</summary>
    public async IAsyncEnumerable<NatsMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await _messages.Reader.WaitToReadAsync(cancellationToken))
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
    public bool TryRead([MaybeNullWhen(false)] out NatsMessage message)
    {
        if (!_messages.Reader.TryRead(out message))
        {
            return false;
        }

        Interlocked.Add(ref _bytes, -message.FrameBytes);
        return true;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _unsubscribe(this);

    /// <inheritdoc/>
    public override string ToString() => QueueGroup is null ? Subject : $"{Subject} ({QueueGroup})";

    /// <summary>Hands over a message, or counts it as dropped.</summary>
    internal void Offer(in NatsMessage message)
    {
        // Whole frames, as the server's flow control counts them: a consumer that it holds back never comes near the limit. What a message costs
        // beyond its frame is bounded by the capacity.
        if (Interlocked.Add(ref _bytes, message.FrameBytes) > _maxBytes || !_messages.Writer.TryWrite(message))
        {
            Interlocked.Add(ref _bytes, -message.FrameBytes);
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Remembers the server's refusal; null when a new connection may think otherwise.</summary>
    internal void Refuse(string? reason) => Volatile.Write(ref _refusal, reason);

    /// <summary>No message comes any more.</summary>
    internal void Complete() => _messages.Writer.TryComplete();
}
