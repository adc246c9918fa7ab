using System.Collections.Concurrent;
using NATS.Client.Core;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>
/// One connection of the library, from its making to its loss. It is never connected again: what still waited in it to be sent when it was lost must not be
/// sent later, after the caller was told that it failed.
/// </summary>
internal sealed class Session : IAsyncDisposable
{
    private const int MaxDenied = 64;

    private readonly NatsOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<string> _notice;
    private readonly SessionSockets _sockets;
    private readonly CancellationTokenSource _over = new();
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, string> _denied = new(StringComparer.Ordinal);
    private string? _lastWords;
    private Task _pinging = Task.CompletedTask;
    private int _disposed;

    /// <param name="server">The server's address.</param>
    /// <param name="options">How.</param>
    /// <param name="time">The clock.</param>
    /// <param name="notice">Told what the server complains about while the session goes on, from its first word.</param>
    public Session(Uri server, NatsOptions options, TimeProvider time, Action<string> notice)
    {
        Server = server;
        _options = options;
        _time = time;
        _notice = notice;
        _sockets = new(options);
        Connection = new(SessionOptions.Of(server, options, _sockets, () => Connection!.ServerInfo));
        Connection.ConnectionDisconnected += (_, _) => LostAsync();
        Connection.ServerError += (_, complaint) => HearAsync(complaint);
        Connection.LameDuckModeActivated += (_, _) => LameDuckAsync();
        Over = _over.Token;
    }

    /// <summary>The server's address.</summary>
    public Uri Server { get; }

    /// <summary>The library's connection.</summary>
    public NatsConnection Connection { get; }

    /// <summary>Cancelled when nothing can come any more.</summary>
    public CancellationToken Over { get; }

    /// <summary>Ends with the reason why the session does.</summary>
    public Task<string> Ended => _ended.Task;

    /// <summary>Whether the server said that it is going away.</summary>
    public TaskCompletionSource LameDuck { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether something can be sent.</summary>
    public bool IsOpen => Connection.ConnectionState == NatsConnectionState.Open && !_ended.Task.IsCompleted;

    /// <summary>Shakes hands with the server.</summary>
    /// <exception cref="NatsConnectException">It did not succeed.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Connection.ConnectAsync().AsTask().WaitAsync(_options.ConnectTimeout, _time, cancellationToken);
            _pinging = PingAsync();
        }
        catch (Exception failure)
        {
            // What the library throws as it is cancelled is of no account.
            cancellationToken.ThrowIfCancellationRequested();
            throw ConnectFailureReader.Read(Server, _options.Login, _sockets.Failure ?? failure, _sockets.IsTaken);
        }
    }

    /// <summary>Waits until the server has seen all that was sent before. False when the session ends meanwhile, or the time is over.</summary>
    public async Task<bool> FlushAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, Over, cancellationToken);
        try
        {
            await Connection.PingAsync(either.Token);
            return true;
        }
        catch (Exception failure) when (failure is OperationCanceledException or NatsException or ObjectDisposedException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }

    /// <summary>Tells why this user may not publish to <paramref name="subject"/>; null where the server has not said so.</summary>
    public string? Denial(string subject) => _denied.GetValueOrDefault(subject);

    /// <summary>Ends it, for that reason unless there was one before.</summary>
    public void End(string reason) => _ended.TrySetResult(Volatile.Read(ref _lastWords) ?? reason);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        End("disposed");
        await _over.CancelAsync();
        _sockets.Close();
        await _pinging;
        try
        {
            await Connection.DisposeAsync();
        }
        catch (Exception stuck) when (stuck is NatsException or OperationCanceledException or ObjectDisposedException)
        {
            // It wanted to say goodbye, and its buffer is full: the socket is closed, and that is all that counts.
        }

        _over.Dispose();
    }

    private ValueTask LostAsync()
    {
        End("the connection was lost");
        return ValueTask.CompletedTask;
    }

    private ValueTask LameDuckAsync()
    {
        LameDuck.TrySetResult();
        return ValueTask.CompletedTask;
    }

    private ValueTask HearAsync(NatsServerErrorEventArgs complaint)
    {
        var words = complaint.Error;
        if (complaint.Kind is not (NatsServerErrorKind.PermissionsViolation or NatsServerErrorKind.MaximumSubscriptionsExceeded)
            && !words.StartsWith("Invalid", StringComparison.OrdinalIgnoreCase))
        {
            // The server closes after it.
            Volatile.Write(ref _lastWords, words);
            return ValueTask.CompletedTask;
        }

        if (words.Contains("for Publish", StringComparison.OrdinalIgnoreCase) && words.Split('"') is [_, var subject, ..] && _denied.Count < MaxDenied)
        {
            _denied[subject] = words;
        }

        _notice(words);
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Asks the server for a sign of life, as often as the options say. Not left to the library: its pings end for good when the outgoing buffer is full once,
    /// which is when a server hangs.
    /// </summary>
    private async Task PingAsync()
    {
        while (true)
        {
            await Task.Delay(_options.PingInterval, _time, Over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (Over.IsCancellationRequested)
            {
                return;
            }

            if (!await FlushAsync(_options.PingInterval * _options.MaxPingsOut, CancellationToken.None))
            {
                End("the server does not answer pings");
            }
        }
    }
}
