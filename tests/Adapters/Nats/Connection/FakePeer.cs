using System.Net.Sockets;
using System.Text;

namespace Harmony.Fleet.Tests.Adapters.Nats.Connection;

/// <summary>The server's end of one connection.</summary>
internal sealed class FakePeer(Socket socket) : IDisposable
{
    private readonly StreamReader _reader = new(new NetworkStream(socket), Encoding.UTF8);

    /// <summary>Plays the handshake: INFO, then CONNECT and PING are awaited, then PONG.</summary>
    /// <param name="info">More of the server's INFO.</param>
    /// <param name="complaint">What the server says of the subscriptions before it answers.</param>
    public async Task<string> WelcomeAsync(string info = "", string complaint = "")
    {
        await SendAsync($"INFO {{\"server_id\":\"fake\",\"version\":\"2.99.0\",\"max_payload\":1048576,\"headers\":true{info}}}\r\n");
        var connect = await ReadLineAsync();
        connect.ShouldStartWith("CONNECT {");
        (await ReadLineAsync()).ShouldBe("PING");
        await SendAsync("PONG\r\n");

        // The second ping asks whether the subscriptions have arrived.
        for (var line = await ReadLineAsync(); line != "PING"; line = await ReadLineAsync())
        {
            line.ShouldStartWith("SUB ");
            Subscriptions.Add(line.TrimEnd());
        }

        await SendAsync(complaint + "PONG\r\n");
        return connect;
    }

    /// <summary>The SUB commands of the handshake.</summary>
    public List<string> Subscriptions { get; } = [];

    /// <summary>The number that the client gave to its subscription of a subject.</summary>
    public string SidOf(string subject) => Subscriptions.Single(line => line.Split(' ')[1] == subject).Split(' ')[^1];

    /// <summary>The number of its subscription to answers.</summary>
    public string InboxSid => Subscriptions.Single(line => line.StartsWith("SUB _INBOX", StringComparison.Ordinal)).Split(' ')[^1];

    public async Task SendAsync(string text) => await socket.SendAsync(Encoding.UTF8.GetBytes(text), Links.Test);

    /// <summary>The next line; null when the client closed.</summary>
    public async Task<string?> TryReadLineAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Links.Test);
        patience.CancelAfter(Links.Patience);
        try
        {
            return await _reader.ReadLineAsync(patience.Token);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public async Task<string> ReadLineAsync() => await TryReadLineAsync() ?? throw new EndOfStreamException("the client closed");

    /// <summary>Reads up to a line that begins so.</summary>
    public async Task<string> ReadUntilAsync(string start)
    {
        while (true)
        {
            var line = await ReadLineAsync();
            if (line.StartsWith(start, StringComparison.Ordinal))
            {
                return line;
            }
        }
    }

    /// <summary>Whether the client closes, whatever it still says before.</summary>
    public async Task<bool> ClosesAsync()
    {
        while (await TryReadLineAsync() is not null)
        {
        }

        return true;
    }

    public void Dispose()
    {
        _reader.Dispose();
        socket.Dispose();
    }
}
