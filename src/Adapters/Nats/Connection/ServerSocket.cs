using System.Net.Sockets;
using NATS.Client.Core;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>
/// The TCP socket under a session. It looks at the first bytes, so that something else than a NATS server is called by its name, lets the kernel notice a
/// peer that is gone, and when the session is given up, drops what the kernel has not sent yet.
/// </summary>
internal sealed class ServerSocket : INatsTlsUpgradeableSocketConnection, IDisposable
{
    private const int TcpLevel = 6;
    private const int TcpUserTimeout = 18;
    private const int DefaultPort = 4222;

    private readonly Uri _server;
    private bool _greeted;

    private ServerSocket(Uri server) => _server = server;

    /// <inheritdoc/>
    public Socket Socket { get; } = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <summary>How long the kernel waits for sent bytes to be acknowledged, as it says itself.</summary>
    public TimeSpan UnacknowledgedTimeout
    {
        get
        {
            Span<byte> milliseconds = stackalloc byte[sizeof(int)];
            Socket.GetRawSocketOption(TcpLevel, TcpUserTimeout, milliseconds);
            return TimeSpan.FromMilliseconds(BitConverter.ToInt32(milliseconds));
        }
    }

    /// <summary>Connects.</summary>
    /// <exception cref="SocketException">Nothing answers there.</exception>
    public static async Task<ServerSocket> ConnectAsync(Uri server, TimeSpan unacknowledgedTimeout, CancellationToken cancellationToken)
    {
        var socket = new ServerSocket(server);
        try
        {
            await socket.Socket.ConnectAsync(server.DnsSafeHost, server.Port > 0 ? server.Port : DefaultPort, cancellationToken);
            if (unacknowledgedTimeout > TimeSpan.Zero)
            {
                // Without it the kernel goes on for a quarter of an hour to send to a peer that is gone.
                socket.Socket.SetRawSocketOption(TcpLevel, TcpUserTimeout, BitConverter.GetBytes((int)unacknowledgedTimeout.TotalMilliseconds));
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>What was not sent yet is not sent any more: nobody waits for its answer.</summary>
    public void DropUnsent()
    {
        try
        {
            Socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // Closed already: there is nothing left to drop.
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
