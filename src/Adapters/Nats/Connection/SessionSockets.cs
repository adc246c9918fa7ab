using NATS.Client.Core;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>Opens the one socket of a session. The library asks for it, and asks again when it was lost: then the session is over.</summary>
internal sealed class SessionSockets(NatsOptions options, Action lost) : INatsSocketConnectionFactory
{
    private IDisposable? _socket;
    private bool _asked;

    /// <summary>Why there is no socket: the library only logs it.</summary>
    public Exception? Failure { get; private set; }

    /// <inheritdoc/>
    public async ValueTask<INatsSocketConnection> ConnectAsync(Uri uri, NatsOpts opts, CancellationToken cancellationToken)
    {
        if (_asked)
        {
            lost();
            throw new NatsException("A session is connected once.");
        }

        _asked = true;
        try
        {
            INatsSocketConnection socket = NatsOptions.IsWebSocket(uri)
                ? await ServerWebSocket.ConnectAsync(uri, options, cancellationToken)
                : await ServerSocket.ConnectAsync(uri, options.UnacknowledgedTimeout, cancellationToken);
            _socket = (IDisposable)socket;
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
        (_socket as ServerSocket)?.DropUnsent();
        _socket?.Dispose();
    }
}
