using System.Net;
using System.Net.Sockets;

namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>The TCP connection under a session, and the stream on it: plain, or TLS.</summary>
internal sealed class Transport : IDisposable
{
    private const int TcpLevel = 6;
    private const int TcpUserTimeout = 18;
    private const int DefaultPort = 4222;

    private readonly Socket _socket;

    private Transport(Socket socket, Uri server)
    {
        _socket = socket;
        Server = server;
        Stream = new NetworkStream(socket, ownsSocket: false);
    }

    /// <summary>The server's address.</summary>
    public Uri Server { get; }

    /// <summary>What is read and written.</summary>
    public Stream Stream { get; private set; }

    /// <summary>Whether <see cref="Stream"/> is TLS.</summary>
    public bool IsEncrypted { get; private set; }

    /// <summary>How long the kernel waits for sent bytes to be acknowledged, as it says itself; zero where it cannot be told.</summary>
    public TimeSpan UnacknowledgedTimeout
    {
        get
        {
            if (!OperatingSystem.IsLinux())
            {
                return TimeSpan.Zero;
            }

            Span<byte> milliseconds = stackalloc byte[sizeof(int)];
            _socket.GetRawSocketOption(TcpLevel, TcpUserTimeout, milliseconds);
            return TimeSpan.FromMilliseconds(BitConverter.ToInt32(milliseconds));
        }
    }

    /// <summary>Connects.</summary>
    /// <exception cref="SocketException">Nothing answers there.</exception>
    public static async Task<Transport> ConnectAsync(Uri server, TimeSpan unacknowledgedTimeout, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new DnsEndPoint(server.DnsSafeHost, server.Port > 0 ? server.Port : DefaultPort), cancellationToken);
            NoticeHalfOpen(socket, unacknowledgedTimeout);
            return new(socket, server);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Goes on in TLS.</summary>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The server's certificate is not to be trusted, or TLS failed.</exception>
    public async Task EncryptAsync(string? caFile, CancellationToken cancellationToken)
    {
        Stream = await TlsUpgrade.AuthenticateAsync(Stream, Server.DnsSafeHost, caFile, cancellationToken);
        IsEncrypted = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stream.Dispose();
        _socket.Dispose();
    }

    /// <summary>Without it the kernel goes on for a quarter of an hour to send to a peer that is gone.</summary>
    private static void NoticeHalfOpen(Socket socket, TimeSpan timeout)
    {
        if (OperatingSystem.IsLinux() && timeout > TimeSpan.Zero)
        {
            socket.SetRawSocketOption(TcpLevel, TcpUserTimeout, BitConverter.GetBytes((int)timeout.TotalMilliseconds));
        }
    }
}
