using System.Security.Cryptography;
using System.Text;
using Harmony.Fleet.Adapters.Nats.Protocol;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>
/// The one subscription through which all answers come: the last token of an answer's subject tells the place of its request. One timer sweeps the
/// deadlines of all, and only while something is pending.
/// </summary>
internal sealed class RequestInbox : IDisposable
{
    /// <summary>The inbox's own subscription.</summary>
    public const ulong Sid = 1;

    private const int TokenBytes = 12;
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly int _maxPending;
    private readonly string _prefix;
    private readonly byte[] _prefixBytes;
    private readonly ITimer _sweeper;
    private readonly Stack<PendingRequest> _free = new();
    private PendingRequest[] _slots = [];
    private int _count;
    private int _armed;

    public RequestInbox(NatsOptions options, TimeProvider time)
    {
        _time = time;
        _maxPending = Math.Min(options.MaxPendingRequests, ushort.MaxValue + 1);
        InboxPrefix = options.InboxPrefix;
        _prefix = $"{NewSubject()}.";
        _prefixBytes = Encoding.UTF8.GetBytes(_prefix);
        Subject = _prefix + "*";
        _sweeper = time.CreateTimer(static state => ((RequestInbox)state!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>What the inbox subscribes to.</summary>
    public string Subject { get; }

    /// <summary>The length of a reply subject, in bytes.</summary>
    public int ReplyBytes => _prefixBytes.Length + TokenBytes;

    private string InboxPrefix { get; }

    /// <summary>A subject under the prefix that nobody can guess.</summary>
    public string NewSubject() => $"{InboxPrefix}.{RandomNumberGenerator.GetHexString(22, lowercase: true)}";

    /// <summary>A place for a request; null when all are taken.</summary>
    /// <param name="isAlone">Whether no other is taken.</param>
    public PendingRequest? Rent(out bool isAlone)
    {
        lock (_gate)
        {
            isAlone = _free.Count == _count;
            if (_free.TryPop(out var free))
            {
                return free;
            }

            if (_count == _maxPending)
            {
                return null;
            }

            if (_count == _slots.Length)
            {
                var slots = new PendingRequest[Math.Min(Math.Max(16, _count * 2), _maxPending)];
                _slots.CopyTo(slots, 0);
                Volatile.Write(ref _slots, slots);
            }

            return _slots[_count] = new PendingRequest(this, _count++);
        }
    }

    /// <summary>Begins a request at that place.</summary>
    /// <param name="request">The place.</param>
    /// <param name="subject">Where it goes.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="replyTo">Gets its reply subject: <see cref="ReplyBytes"/>.</param>
    public ValueTask<RequestOutcome> Begin(PendingRequest request, string subject, TimeSpan timeout, Span<byte> replyTo)
    {
        var deadline = timeout == Timeout.InfiniteTimeSpan ? long.MaxValue : _time.GetTimestamp() + Ticks(timeout);
        var task = request.Begin(subject, deadline);
        _prefixBytes.CopyTo(replyTo);
        var token = ((ulong)(uint)request.Slot << 32) | request.Generation;
        for (var at = TokenBytes - 1; at >= 0; at--, token >>= 4)
        {
            replyTo[_prefixBytes.Length + at] = "0123456789abcdef"u8[(int)(token & 15)];
        }

        Arm();
        return task;
    }

    /// <summary>Gives a message to the request that it answers.</summary>
    public void Deliver(in Frame frame)
    {
        if (frame.Subject.Length != ReplyBytes || !TryToken(frame.Subject[_prefixBytes.Length..], out var slot, out var generation))
        {
            return;
        }

        var slots = Volatile.Read(ref _slots);
        if (slot >= slots.Length || slots[slot] is not { } request || !request.Awaits(generation) || !MessageReader.TryRead(frame, _prefix, out var message))
        {
            return;
        }

        var outcome = message.Status == 503 && message.Payload.IsEmpty
            ? RequestOutcome.Of(RequestStatus.NoResponders)
            : new RequestOutcome(RequestStatus.Replied, message);
        request.TryComplete(generation, outcome);
    }

    /// <summary>Ends all that is pending.</summary>
    public void FailAll(RequestStatus status)
    {
        foreach (var request in Volatile.Read(ref _slots))
        {
            request?.TryComplete(request.Generation, RequestOutcome.Of(status));
        }
    }

    /// <summary>Ends what went to a subject where this user may not publish.</summary>
    public void Deny(string subject)
    {
        foreach (var request in Volatile.Read(ref _slots))
        {
            request?.DenyIfFor(subject);
        }
    }

    /// <summary>Takes a place back.</summary>
    public void Return(PendingRequest request)
    {
        lock (_gate)
        {
            _free.Push(request);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _sweeper.Dispose();

    private static bool TryToken(ReadOnlySpan<byte> text, out int slot, out uint generation)
    {
        var token = 0UL;
        foreach (var c in text)
        {
            var digit = c switch { >= (byte)'0' and <= (byte)'9' => c - '0', >= (byte)'a' and <= (byte)'f' => c - 'a' + 10, _ => -1 };
            if (digit < 0)
            {
                (slot, generation) = (0, 0);
                return false;
            }

            token = (token << 4) | (uint)digit;
        }

        (slot, generation) = ((int)(token >> 32), (uint)token);
        return true;
    }

    private long Ticks(TimeSpan timeout) => (long)(timeout.TotalSeconds * _time.TimestampFrequency);

    private void Arm()
    {
        if (Volatile.Read(ref _armed) == 0 && Interlocked.Exchange(ref _armed, 1) == 0)
        {
            _sweeper.Change(_tick, Timeout.InfiniteTimeSpan);
        }
    }

    private void Sweep()
    {
        // Disarmed first: a request that begins meanwhile arms again by itself.
        Interlocked.Exchange(ref _armed, 0);
        var now = _time.GetTimestamp();
        var pending = false;
        foreach (var request in Volatile.Read(ref _slots))
        {
            pending |= request?.Sweep(now) ?? false;
        }

        if (pending)
        {
            Arm();
        }
    }
}
