using NATS.Client.Core;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>
/// Opens the one socket of a session. The library asks again when that was lost, and gets none: it tells of the loss by its event, after what the server
/// last said, and by that the session ends with the server's reason.
/// </summary>
internal sealed class SessionSockets(NatsOptions options) : INatsSocketConnectionFactory
{
    private IServerSocket? _socket;
    private bool _asked;

    /// <summary>Why there is no socket: the library only logs it.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Whether the server took the connection.</summary>
    public bool IsTaken => _socket is not null;

    /// <inheritdoc/>
    public async ValueTask<INatsSocketConnection> ConnectAsync(Uri uri, NatsOpts opts, CancellationToken cancellationToken)
    {
        if (_asked)
        {
            throw new NatsException("A session is connected once.");
        }

        _asked = true;
        try
        {
            IServerSocket socket = NatsOptions.IsWebSocket(uri)
                ? await ServerWebSocket.ConnectAsync(uri, options, cancellationToken)
                : await ServerSocket.ConnectAsync(uri, options.UnacknowledgedTimeout, cancellationToken);
            _socket = socket;
            return socket;
        }
        catch (Exception failure)
        {
            Failure = failure is OperationCanceledException ? new TimeoutException(failure.Message, failure) : failure;
            throw;
        }
    }

    /// <summary>Closes it; what was not sent yet is not sent any more.</summary>
    public void Close()
    {
        if (_socket?.Tcp is { } tcp)
        {
            TcpSockets.DropUnsent(tcp);
        }

        _socket?.Dispose();
    }
}
