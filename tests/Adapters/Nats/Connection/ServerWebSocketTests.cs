using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Harmony.Fleet.Adapters.Nats.Connection;
using NATS.Client.Core;

namespace Harmony.Fleet.Tests.Adapters.Nats.Connection;

public sealed class ServerWebSocketTests
{
    [Fact]
    public async Task Closed_WithMuchThatIsUnsent_SendsNothingOfItLater()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var server = new Uri($"ws://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        var options = NatsOptions.For(server.ToString());
        var sockets = new SessionSockets(options);
        var connecting = sockets.ConnectAsync(server, new NatsOpts(), Links.Test).AsTask();
        using var peer = await listener.AcceptSocketAsync(Links.Test);
        await WelcomeAsync(peer);
        var socket = (ServerWebSocket)await connecting;
        TcpSockets.LimitOf(socket.Tcp!).ShouldBe(options.UnacknowledgedTimeout);

        var sending = socket.SendAsync(new byte[16 * 1024 * 1024]).AsTask();
        sockets.Close();

        // A reset: an ordinary close would have the kernel send on what it holds, and then the end.
        var buffer = new byte[64 * 1024];
        (await Should.ThrowAsync<SocketException>(async () =>
        {
            while (await peer.ReceiveAsync(buffer, Links.Test) > 0)
            {
            }
        })).SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
        await Should.ThrowAsync<Exception>(sending);
    }

    private static async Task WelcomeAsync(Socket peer)
    {
        var request = string.Empty;
        for (var buffer = new byte[4096]; !request.EndsWith("\r\n\r\n", StringComparison.Ordinal);)
        {
            request += Encoding.ASCII.GetString(buffer, 0, await peer.ReceiveAsync(buffer, Links.Test));
        }

        var key = request.Split("\r\n").Single(line => line.StartsWith("Sec-WebSocket-Key:", StringComparison.OrdinalIgnoreCase)).Split(':')[1].Trim();
#pragma warning disable CA5350 // It is what the protocol asks for.
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
        await peer.SendAsync(
            Encoding.ASCII.GetBytes($"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"), Links.Test);
    }
}
