using System.Net.Sockets;
using NATS.Client.Core;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>
/// The TCP socket under a session. It looks at the first bytes, so that something else than a NATS server is called by its name.
/// </summary>
internal sealed class ServerSocket : INatsTlsUpgradeableSocketConnection, IServerSocket
{
    private const int DefaultPort = 4222;

    private readonly Uri _server;
    private bool _greeted;

    private ServerSocket(Uri server) => _server = server;

    /// <inheritdoc/>
    public Socket Socket { get; } = TcpSockets.New();

    /// <inheritdoc/>
    public Socket Tcp => Socket;

    /// <summary>Connects.</summary>
    /// <exception cref="SocketException">Nothing answers there.</exception>
    public static async Task<ServerSocket> ConnectAsync(Uri server, TimeSpan unacknowledgedTimeout, CancellationToken cancellationToken)
    {
        var socket = new ServerSocket(server);
        try
        {
            await socket.Socket.ConnectAsync(server.DnsSafeHost, server.Port > 0 ? server.Port : DefaultPort, cancellationToken);
            TcpSockets.Limit(socket.Socket, unacknowledgedTimeout);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> buffer) => Socket.SendAsync(buffer, SocketFlags.None, CancellationToken.None);

    /// <inheritdoc/>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer) => _greeted ? Socket.ReceiveAsync(buffer, SocketFlags.None, CancellationToken.None) : GreetAsync(buffer);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => Socket.Dispose();

    private async ValueTask<int> GreetAsync(Memory<byte> buffer)
    {
        var read = await Socket.ReceiveAsync(buffer, SocketFlags.None, CancellationToken.None);
        var begins = Math.Min(read, "INFO ".Length);
        _greeted = true;
        return buffer.Span[..begins].SequenceEqual("INFO "u8[..begins])
            ? read
            : throw new NatsConnectException(ConnectFailure.Protocol, $"What answers at {_server} is no NATS server: its first line is no INFO.");
    }
}
