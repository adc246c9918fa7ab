using System.Threading.Tasks.Sources;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>
/// A place in the inbox: one request at a time, used over and over. Its generation tells the present request from earlier ones, so that a late answer
/// finds nobody.
/// </summary>
internal sealed class PendingRequest(RequestInbox inbox, int slot) : IValueTaskSource<RequestOutcome>
{
    private ManualResetValueTaskSourceCore<RequestOutcome> _core = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _cancellation;
    private CancellationToken _token;
    private string? _subject;
    private long _deadline;

    /// <summary>Generation times two, plus one while the request is pending: one comparison decides who ends it.</summary>
    private long _state;

    /// <summary>Its number in the inbox.</summary>
    public int Slot => slot;

    /// <summary>The present request.</summary>
    public uint Generation => (uint)(Volatile.Read(ref _state) >> 1);

    /// <summary>Whether somebody awaits an answer.</summary>
    public bool IsPending => (Volatile.Read(ref _state) & 1) != 0;

    /// <summary>Begins a request.</summary>
    /// <param name="subject">Where it goes.</param>
    /// <param name="deadline">When it is too late, in the clock's timestamps.</param>
    public ValueTask<RequestOutcome> Begin(string subject, long deadline)
    {
        _subject = subject;
        Volatile.Write(ref _deadline, deadline);
        var generation = (uint)(_state >> 1) + 1u;
        Volatile.Write(ref _state, ((long)generation << 1) | 1);
        return new(this, _core.Version);
    }

    /// <summary>Ends it when the caller gives up.</summary>
    public void CancelWith(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _token = cancellationToken;
            _cancellation = cancellationToken.UnsafeRegister(static state => ((PendingRequest)state!).Cancel(), this);
        }
    }

    /// <summary>Ends a request that was never sent, and gives the place back.</summary>
    public void Abandon(in ValueTask<RequestOutcome> begun)
    {
        TryComplete(Generation, RequestOutcome.Of(RequestStatus.LinkDown));

        // Whoever ended it (this, or a sweep meanwhile), the result is there: taking it frees the place.
        _ = begun.GetAwaiter().GetResult();
    }

    /// <summary>Whether that generation is still pending.</summary>
    public bool Awaits(uint generation) => Volatile.Read(ref _state) == (((long)generation << 1) | 1);

    /// <summary>Ends that generation, unless it has ended already.</summary>
    public bool TryComplete(uint generation, in RequestOutcome outcome)
    {
        if (!TryEnd(generation))
        {
            return false;
        }

        _core.SetResult(outcome);
        return true;
    }

    /// <summary>Ends it when its time is over by <paramref name="now"/>. Returns whether it goes on pending.</summary>
    public bool Sweep(long now)
    {
        var state = Volatile.Read(ref _state);
        if ((state & 1) == 0)
        {
            return false;
        }

        var generation = (uint)(state >> 1);
        return Volatile.Read(ref _deadline) > now || !TryComplete(generation, RequestOutcome.Of(RequestStatus.TimedOut));
    }

    /// <summary>Ends it when it went to <paramref name="subject"/>, where this user may not publish.</summary>
    public void DenyIfFor(string subject)
    {
        var generation = Generation;
        if (IsPending && string.Equals(Volatile.Read(ref _subject), subject, StringComparison.Ordinal))
        {
            TryComplete(generation, RequestOutcome.Of(RequestStatus.Denied));
        }
    }

    RequestOutcome IValueTaskSource<RequestOutcome>.GetResult(short token)
    {
        // A foreign token (awaited twice) throws here, before the place is given back.
        _core.GetStatus(token);
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            _cancellation.Dispose();
            _cancellation = default;
            _token = default;
            _core.Reset();
            inbox.Return(this);
        }
    }

    ValueTaskSourceStatus IValueTaskSource<RequestOutcome>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<RequestOutcome>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Cancel()
    {
        if (TryEnd(Generation))
        {
            _core.SetException(new OperationCanceledException(_token));
        }
    }

    private bool TryEnd(uint generation)
    {
        var pending = ((long)generation << 1) | 1;
        return Interlocked.CompareExchange(ref _state, pending - 1, pending) == pending;
    }
}
