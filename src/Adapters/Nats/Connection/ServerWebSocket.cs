using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>The web socket under a session: for a network that lets nothing but HTTPS pass. A proxy of the environment is used.</summary>
internal sealed class ServerWebSocket : IServerSocket
{
    private readonly ClientWebSocket _socket = new();

    private ServerWebSocket() => _socket.Options.KeepAliveInterval = TimeSpan.Zero; // The protocol has pings of its own.

    /// <inheritdoc/>
    public Socket? Tcp { get; private set; }

    /// <summary>Connects.</summary>
    /// <exception cref="WebSocketException">Nothing answers there, or no web socket.</exception>
    public static async Task<ServerWebSocket> ConnectAsync(Uri server, NatsOptions options, CancellationToken cancellationToken)
    {
        var socket = new ServerWebSocket();
        try
        {
            using var handler = new SocketsHttpHandler
            {
                SslOptions = { CertificateChainPolicy = TrustedAuthorities.Policy(options.CaFile) },
                ConnectCallback = (context, token) => socket.DialAsync(context.DnsEndPoint, options.UnacknowledgedTimeout, token),
            };
            using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
            await socket._socket.ConnectAsync(server, invoker, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<int> SendAsync(ReadOnlyMemory<byte> buffer)
    {
        await _socket.SendAsync(buffer, WebSocketMessageType.Binary, WebSocketMessageFlags.EndOfMessage, CancellationToken.None);
        return buffer.Length;
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        while (true)
        {
            var received = await _socket.ReceiveAsync(buffer, CancellationToken.None);
            if (received.Count > 0 || received.MessageType == WebSocketMessageType.Close)
            {
                return received.Count;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private async ValueTask<Stream> DialAsync(EndPoint server, TimeSpan unacknowledgedTimeout, CancellationToken cancellationToken)
    {
        var tcp = TcpSockets.New();
        try
        {
            await tcp.ConnectAsync(server, cancellationToken);
            TcpSockets.Limit(tcp, unacknowledgedTimeout);
            Tcp = tcp;
            return new NetworkStream(tcp, ownsSocket: true);
        }
        catch
        {
            tcp.Dispose();
            throw;
        }
    }
}
