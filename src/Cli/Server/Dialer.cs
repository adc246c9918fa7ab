using System.Net;
using System.Net.Sockets;

namespace Harmony.Fleet.Cli.Server;

/// <summary>Opens connections to an operator: over its unix socket, or over TCP with keep-alives, so that a watch notices a peer that is gone.</summary>
internal static class Dialer
{
    /// <summary>So long a connection may take to come about.</summary>
    public static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    private const int KeepAliveSeconds = 15;

    /// <summary>The handler of requests to <paramref name="address"/>.</summary>
    public static SocketsHttpHandler To(ServerAddress address) => new()
    {
        // A proxy of the environment is for other machines, and without TLS it would be told the token.
        UseProxy = address.SocketPath is null && !address.Url.IsLoopback && address.Url.Scheme == Uri.UriSchemeHttps,
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectTimeout = ConnectLimit,
        ConnectCallback = async (context, cancellationToken) => await ConnectAsync(address.SocketPath, context.DnsEndPoint, cancellationToken),
    };

    private static async Task<NetworkStream> ConnectAsync(string? socketPath, DnsEndPoint host, CancellationToken cancellationToken)
    {
        var socket = socketPath is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            if (socketPath is null)
            {
                KeepAlive(socket);
            }

            await socket.ConnectAsync(socketPath is null ? host : new UnixDomainSocketEndPoint(socketPath), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void KeepAlive(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
    }
}
