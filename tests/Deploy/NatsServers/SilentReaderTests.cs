using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Deploy.NatsServers;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using NATS.NKeys;

namespace Harmony.Fleet.Tests.Deploy.NatsServers;

/// <summary>Limits that hold for every connection, the operator's own rights included, against a real server.</summary>
[Trait("Category", "Integration")]
public sealed class SilentReaderTests : IAsyncDisposable
{
    private readonly NKeyPair key = NKeyPair.Create(NKeyKind.User);
    private readonly List<Socket> sockets = [];
    private NatsServer? server;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private NatsOptions Options => NatsOptions.For(server!.Url) with { Login = new NatsLogin.NKey(key) };

    public async ValueTask DisposeAsync()
    {
        sockets.ForEach(socket => socket.Dispose());
        key.Dispose();
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>40 of them took a server to 4.3 GiB.</summary>
    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Connections_ThatNeverRead_AreCutOff_AndTheServerStaysSmall(string version)
    {
        await StartAsync(version, ServerLimits.Of(1));
        await using var writer = await ConnectAsync();
        var before = Memory();
        var most = before;
        for (var count = 0; count < 40; count++)
        {
            await SubscribeToAllAsync();
        }

        var payload = new byte[60_000];
        for (var sent = 0; sent < 1000; sent++)
        {
            await writer.Connection!.PublishAsync("flood", payload, cancellationToken: Stop);
            most = sent % 10 == 0 ? Math.Max(most, Memory()) : most;
        }

        await writer.Connection!.PingAsync(Stop);
        await Eventually.HoldsAsync(() => Words(server!.Log, "Slow Consumer Detected") >= 40, "all are cut off");
        (most - before).ShouldBeLessThan(250L << 20, $"from {before >> 20} to {most >> 20} MiB");
    }

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Message_ThatIsTooLarge_IsRefused(string version)
    {
        await StartAsync(version, ServerLimits.Of(1));
        await using var bus = await ConnectAsync();
        var socket = await LoginAsync();

        await socket.SendAsync(Encoding.ASCII.GetBytes($"PUB x {(1024 * 1024) + 1}\r\n"), Stop);

        (await ReadUntilAsync(socket, "\r\n")).ShouldContain("Maximum Payload Violation");
        await bus.Connection!.PublishAsync("x", new byte[1024 * 1024], cancellationToken: Stop);
        await bus.Connection.PingAsync(Stop);
    }

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Connection_BeyondTheMost_IsRefusedInWords(string version)
    {
        await StartAsync(version, new ServerLimits { MaxConnections = 2 });
        await using var one = await ConnectAsync();
        await using var two = await ConnectAsync();

        var refused = await Should.ThrowAsync<NatsConnectException>(ConnectAsync);

        refused.Message.ShouldContain("maximum connections exceeded", Case.Insensitive);
    }

    private byte[] Signature(string nonce)
    {
        var signature = new byte[64];
        KeyPair.FromSeed(key.RevealSeed()).Sign(Encoding.ASCII.GetBytes(nonce), signature);
        return signature;
    }

    private static int Words(string text, string words) => text.Split(words).Length - 1;

    private async Task StartAsync(string version, ServerLimits limits) => server = await NatsServer.StartAsync(version, site => new ServerConfig
    {
        Port = site.Port,
        StoreDirectory = site.StoreDirectory,
        OperatorPublicKey = key.PublicKey,
        Limits = limits,
        ControlLimits = AccountLimits.OfControl,
        MaxFileStoreBytes = 1L << 30,
        MaxMemoryStoreBytes = 1L << 28,
    }.Render());

    private async Task<NatsBus> ConnectAsync()
    {
        var bus = new NatsBus(Options, TimeProvider.System, NullLogger.Instance);
        try
        {
            await bus.ConnectAsync(Stop);
            return bus;
        }
        catch
        {
            await bus.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connection that has said all that it will ever say.</summary>
    private async Task SubscribeToAllAsync()
    {
        var socket = await LoginAsync();
        await socket.SendAsync("SUB > 1\r\nPING\r\n"u8.ToArray(), Stop);
        await ReadUntilAsync(socket, "PONG\r\n");
    }

    private async Task<Socket> LoginAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        sockets.Add(socket);
        await socket.ConnectAsync("127.0.0.1", server!.Port, Stop);
        var info = (await ReadUntilAsync(socket, "\r\n"))["INFO ".Length..];
        var nonce = JsonDocument.Parse(info).RootElement.GetProperty("nonce").GetString()!;
        var signature = Convert.ToBase64String(Signature(nonce)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        await socket.SendAsync(Encoding.ASCII.GetBytes($"CONNECT {{\"verbose\":false,\"nkey\":\"{key.PublicKey}\",\"sig\":\"{signature}\",\"headers\":true,\"protocol\":1}}\r\nPING\r\n"), Stop);
        await ReadUntilAsync(socket, "PONG\r\n");
        return socket;
    }

    private static async Task<string> ReadUntilAsync(Socket socket, string end)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!text.ToString().Contains(end, StringComparison.Ordinal))
        {
            var read = await socket.ReceiveAsync(buffer, Stop);
            read.ShouldBePositive(text.ToString());
            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        return text.ToString();
    }

    private long Memory()
    {
        using var process = Process.GetProcessById(server!.Pid);
        return process.WorkingSet64;
    }
}
