using System.Net.Sockets;
using System.Text;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Nats.KeyValue;

/// <summary>Writes the protocol by hand: what no honest client would send.</summary>
internal sealed class RawWriter : IDisposable
{
    private readonly TcpClient client = new();
    private StreamReader? reader;

    public static async Task<RawWriter> ConnectAsync(NatsServer server)
    {
        var writer = new RawWriter();
        await writer.client.ConnectAsync("127.0.0.1", server.Port);
        writer.reader = new StreamReader(writer.client.GetStream());
        await writer.SendAsync("CONNECT {\"verbose\":false,\"headers\":true}\r\nSUB answers 1\r\n", "PONG");
        return writer;
    }

    /// <summary>Publishes with a header block of any bytes, each character a byte, and returns when the stream has stored or refused it.</summary>
    public Task PublishAsync(string subject, string headerBlock, string payload) =>
        SendAsync($"HPUB {subject} answers {headerBlock.Length} {headerBlock.Length + payload.Length}\r\n{headerBlock}{payload}\r\n", "MSG answers 1 ");

    public void Dispose()
    {
        reader?.Dispose();
        client.Dispose();
    }

    private async Task SendAsync(string commands, string answer)
    {
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(commands + "PING\r\n"));
        while (await reader!.ReadLineAsync() is { } line && !line.StartsWith(answer, StringComparison.Ordinal))
        {
            line.ShouldNotStartWith("-ERR");
        }
    }
}
