using Harmony.Fleet.Adapters.Nats.Connection;

namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>
/// Ends the wait for a consumer's next word when it cannot come any more: the connection went away, or not even heartbeats came for too long (the
/// stream was deleted, or the server forgot the consumer). Only waiting counts: a reader that is slow loses nothing.
/// </summary>
internal sealed class ConsumerWatchdog : IAsyncDisposable
{
    private const long NotWaiting = long.MaxValue;

    private readonly NatsConnection _connection;
    private readonly TimeProvider _time;
    private readonly TimeSpan _limit;
    private readonly CancellationTokenSource _over;
    private readonly ITimer _timer;
    private readonly Task _listening;
    private long _waitingSince = NotWaiting;
    private string? _reason;

    /// <param name="connection">The connection that must stay.</param>
    /// <param name="connects">Its number when the consumer was made.</param>
    /// <param name="limit">The longest silence.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">The reader's own.</param>
    public ConsumerWatchdog(NatsConnection connection, long connects, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        _connection = connection;
        _time = time;
        _limit = limit;
        _over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _timer = time.CreateTimer(static state => ((ConsumerWatchdog)state!).Check(), this, limit / 4, limit / 4);
        _listening = ListenAsync(connects);
    }

    /// <summary>Cancelled when there is nothing to wait for any more, or by the reader.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>Why; null when the reader cancelled.</summary>
    public string? Reason => Volatile.Read(ref _reason);

    /// <summary>The reader begins to wait.</summary>
    public void Wait() => Volatile.Write(ref _waitingSince, _time.GetTimestamp());

    /// <summary>The reader got something.</summary>
    public void Rest() => Volatile.Write(ref _waitingSince, NotWaiting);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _over.CancelAsync();
        await _listening;
        _over.Dispose();
    }

    private void Check()
    {
        var since = Volatile.Read(ref _waitingSince);
        if (since != NotWaiting && _time.GetElapsedTime(since) > _limit)
        {
            End($"no heartbeat of the consumer for {_limit.TotalSeconds:F0} s");
        }
    }

    private async Task ListenAsync(long connects)
    {
        try
        {
            await foreach (var link in _connection.LinkChangesAsync(_over.Token))
            {
                if (!link.IsUp || link.Connects != connects)
                {
                    break;
                }
            }

            End("the connection to NATS was lost");
        }
        catch (OperationCanceledException)
        {
            // The reader is done, or the heartbeats ended first.
        }
    }

    private void End(string reason)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null && !_over.IsCancellationRequested)
        {
            _over.Cancel();
        }
    }
}
