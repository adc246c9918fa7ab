namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>
/// Ends the wait for a consumer's next word when it cannot come any more: the session is over, or not even heartbeats came for too long (the stream was
/// deleted, or the server forgot the consumer). Only waiting counts: a reader that is slow loses nothing.
/// </summary>
internal sealed class ConsumerWatchdog : IAsyncDisposable
{
    private const long NotWaiting = long.MaxValue;

    private readonly TimeProvider _time;
    private readonly TimeSpan _limit;
    private readonly CancellationTokenSource _over;
    private readonly ITimer _timer;
    private long _waitingSince = NotWaiting;
    private volatile bool _isSilent;

    /// <param name="limit">The longest silence.</param>
    /// <param name="time">The clock.</param>
    /// <param name="session">Cancelled with the session.</param>
    /// <param name="cancellationToken">The reader's own.</param>
    public ConsumerWatchdog(TimeSpan limit, TimeProvider time, CancellationToken session, CancellationToken cancellationToken)
    {
        _time = time;
        _limit = limit;
        _over = CancellationTokenSource.CreateLinkedTokenSource(session, cancellationToken);
        Over = _over.Token;
        _timer = time.CreateTimer(static state => ((ConsumerWatchdog)state!).Check(), this, limit / 4, limit / 4);
    }

    /// <summary>Cancelled when there is nothing to wait for any more, or by the reader.</summary>
    public CancellationToken Over { get; }

    /// <summary>Why it is over, where the reader did not cancel.</summary>
    public string Reason => _isSilent ? $"no heartbeat of the consumer for {_limit.TotalSeconds:F0} s" : "the connection to NATS was lost";

    /// <summary>The reader begins to wait.</summary>
    public void Wait() => Volatile.Write(ref _waitingSince, _time.GetTimestamp());

    /// <summary>The reader got something.</summary>
    public void Rest() => Volatile.Write(ref _waitingSince, NotWaiting);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        _over.Dispose();
    }

    private void Check()
    {
        var since = Volatile.Read(ref _waitingSince);
        if (since != NotWaiting && _time.GetElapsedTime(since) > _limit && !_over.IsCancellationRequested)
        {
            _isSilent = true;
            _over.Cancel();
        }
    }
}
