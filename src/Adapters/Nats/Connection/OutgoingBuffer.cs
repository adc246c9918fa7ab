using System.Text;
using Harmony.Fleet.Adapters.Nats.Protocol;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>
/// What one session is still to send. Publishers write into one array under a lock; the one flushing loop swaps it for the other and sends that whole:
/// under load, hundreds of commands travel in one call.
/// </summary>
internal sealed class OutgoingBuffer
{
    private const int Initial = 16 * 1024;
    private const int Retained = 1024 * 1024;
    private const int ControlSlack = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly int _bound;
    private readonly int _maxControlLine;
    private readonly string _inboxSubject;
    private readonly ulong _inboxSid;
    private readonly WakeSignal _wake = new();
    private readonly Queue<TaskCompletionSource<bool>> _pings = new();
    private byte[] _active = new byte[Initial];
    private byte[] _spare = new byte[Initial];
    private int _used;
    private int _flying;
    private bool _closed;
    private bool _idle;
    private bool _inboxListens;
    private long _maxPayload;
    private TaskCompletionSource? _space;

    public OutgoingBuffer(NatsOptions options, long maxPayload, string inboxSubject, ulong inboxSid)
    {
        _bound = options.OutgoingBufferBytes;
        _maxControlLine = options.MaxControlLine;
        _inboxSubject = inboxSubject;
        _inboxSid = inboxSid;
        MaxPayload = maxPayload;
    }

    /// <summary>The largest message that the server takes.</summary>
    public long MaxPayload
    {
        get => Interlocked.Read(ref _maxPayload);
        set => Interlocked.Exchange(ref _maxPayload, value > 0 ? value : long.MaxValue);
    }

    /// <summary>Called, once or more, when not even control commands have room: the server takes nothing any more and the session must end.</summary>
    public Action? Overrun { get; set; }

    /// <summary>Writes a publish, or tells at once why not.</summary>
    /// <param name="subject">A checked subject.</param>
    /// <param name="replyTo">Where to answer; empty for nowhere.</param>
    /// <param name="headers">The header block; empty for none.</param>
    /// <param name="payload">The payload: copied.</param>
    /// <param name="needsInbox">Whether the answer comes to the inbox, which is then subscribed first.</param>
    /// <param name="isAlone">Whether nobody else is likely to send now: then it is sent right here, which saves a change of threads.</param>
    public PublishOutcome TryPublish(
        string subject, ReadOnlySpan<byte> replyTo, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload, bool needsInbox, bool isAlone = false)
    {
        var subjectBytes = Encoding.UTF8.GetByteCount(subject);
        var size = CommandWriter.PublishSize(subjectBytes, replyTo.Length, headers.Length, payload.Length);
        if (headers.Length + (long)payload.Length > MaxPayload || size > _bound || subjectBytes + replyTo.Length + CommandWriter.Overhead > _maxControlLine)
        {
            return PublishOutcome.TooLarge;
        }

        var wake = false;
        lock (_gate)
        {
            if (_closed)
            {
                return PublishOutcome.LinkDown;
            }

            if (_used + _flying + size > _bound)
            {
                return PublishOutcome.BufferFull;
            }

            if (needsInbox && !_inboxListens)
            {
                _inboxListens = true;
                wake = AppendSubscribe(_inboxSubject, null, _inboxSid);
            }

            var writer = new CommandWriter(Room((int)size));
            writer.Publish(subject, replyTo, headers, payload);
            wake |= Wrote(writer.Written);
        }

        Wake(wake, inline: isAlone);
        return PublishOutcome.Sent;
    }

    /// <summary>Writes a SUB. What a session cannot hold ends it: false.</summary>
    public bool TrySubscribe(NatsSubscription subscription)
    {
        bool wake;
        lock (_gate)
        {
            if (!HasRoomForControl())
            {
                return false;
            }

            wake = AppendSubscribe(subscription.Subject, subscription.QueueGroup, subscription.Sid);
        }

        Wake(wake);
        return true;
    }

    /// <summary>Writes an UNSUB.</summary>
    public bool TryUnsubscribe(ulong sid)
    {
        bool wake;
        lock (_gate)
        {
            if (!HasRoomForControl())
            {
                return false;
            }

            var writer = new CommandWriter(Room(CommandWriter.Overhead));
            writer.Unsubscribe(sid);
            wake = Wrote(writer.Written);
        }

        Wake(wake);
        return true;
    }

    /// <summary>Answers the server's ping. False when it pings without reading the answers.</summary>
    public bool TryPong()
    {
        bool wake;
        lock (_gate)
        {
            if (!HasRoomForControl())
            {
                return false;
            }

            wake = AppendRaw(CommandWriter.Pong);
        }

        Wake(wake);
        return true;
    }

    /// <summary>Pings. The task ends with the answer (true) or with the session (false).</summary>
    public Task<bool> PingAsync()
    {
        var answered = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool wake;
        lock (_gate)
        {
            if (!HasRoomForControl())
            {
                return Task.FromResult(false);
            }

            _pings.Enqueue(answered);
            wake = AppendRaw(CommandWriter.Ping);
        }

        Wake(wake);
        return answered.Task;
    }

    /// <summary>The server answered the oldest ping. False when there was none.</summary>
    public bool TakePong()
    {
        TaskCompletionSource<bool>? answered;
        lock (_gate)
        {
            if (!_pings.TryDequeue(out answered))
            {
                return false;
            }
        }

        answered.TrySetResult(true);
        return true;
    }

    /// <summary>Ends when there may be room again, or the session ended.</summary>
    public Task SpaceAsync()
    {
        lock (_gate)
        {
            return _closed || _flying + _used == 0
                ? Task.CompletedTask
                : (_space ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>For the flushing loop: whether there is something to take, as soon as there is; false when closed.</summary>
    public ValueTask<bool> WaitAsync()
    {
        lock (_gate)
        {
            if (_closed || _used > 0)
            {
                return new(!_closed);
            }

            _idle = true;
            return _wake.Arm();
        }
    }

    /// <summary>For the flushing loop: all that waits. It stays untouched until <see cref="Flushed"/>.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        lock (_gate)
        {
            (_active, _spare) = (_spare, _active);
            (_flying, _used) = (_used, 0);
            return _spare.AsMemory(0, _flying);
        }
    }

    /// <summary>For the flushing loop: what was taken is sent. True when more waits already.</summary>
    public bool Flushed()
    {
        TaskCompletionSource? space;
        bool more;
        lock (_gate)
        {
            if (_spare.Length > Retained && _flying < Retained / 4)
            {
                _spare = new byte[Initial];
            }

            _flying = 0;
            more = _used > 0;
            (space, _space) = (_space, null);
        }

        space?.TrySetResult();
        return more;
    }

    /// <summary>Nothing is taken any more; whoever waits is told.</summary>
    public void Close()
    {
        bool wake;
        TaskCompletionSource? space;
        TaskCompletionSource<bool>[] pings;
        lock (_gate)
        {
            _closed = true;
            (wake, _idle) = (_idle, false);
            (space, _space) = (_space, null);
            pings = [.. _pings];
            _pings.Clear();
        }

        Wake(wake);
        space?.TrySetResult();
        foreach (var ping in pings)
        {
            ping.TrySetResult(false);
        }
    }

    private bool HasRoomForControl()
    {
        if (!_closed && _used + _flying > _bound + ControlSlack)
        {
            Overrun?.Invoke();
        }

        return !_closed && _used + _flying <= _bound + ControlSlack;
    }

    private bool AppendSubscribe(string subject, string? queueGroup, ulong sid)
    {
        var writer = new CommandWriter(Room((int)CommandWriter.SubscribeSize(subject, queueGroup)));
        writer.Subscribe(subject, queueGroup, sid);
        return Wrote(writer.Written);
    }

    private bool AppendRaw(ReadOnlySpan<byte> command)
    {
        command.CopyTo(Room(command.Length));
        return Wrote(command.Length);
    }

    private Span<byte> Room(int size)
    {
        if (_active.Length - _used < size)
        {
            Array.Resize(ref _active, (int)Math.Min(Math.Max((long)_active.Length * 2, (long)_used + size), Array.MaxLength));
        }

        return _active.AsSpan(_used);
    }

    /// <summary>Counts what was written; true when the flushing loop sleeps and is now to be woken, outside of the lock.</summary>
    private bool Wrote(int count)
    {
        _used += count;
        var wake = _idle;
        _idle = false;
        return wake;
    }

    private void Wake(bool wake, bool inline = false)
    {
        if (wake)
        {
            _wake.Set(!_closed, inline);
        }
    }
}
