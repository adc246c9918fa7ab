using System.Net.Sockets;
using System.Text;

namespace Harmony.Fleet.Bench.Nats;

/// <summary>As little as a client can do: prepared bytes into a socket, and line ends counted in what comes back. What the server and this machine allow.</summary>
internal sealed class RawClient : IContender
{
    private const string Reply = "_INBOX.raw";

    public string Name => "raw socket";

    public async Task<Measured?> MeasureAsync(Work work, string url, string bucket)
    {
        var (subject, window) = work.Kind switch
        {
            WorkKind.Put => ($"$KV.{bucket}.key-", work.Tasks),
            WorkKind.Publish => ("bench.core", 0),
            _ => (null, 0),
        };
        if (subject is null)
        {
            return null;
        }

        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var address = new Uri(url);
        await socket.ConnectAsync(address.Host, address.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"CONNECT {{\"verbose\":false,\"headers\":true,\"no_responders\":true}}\r\nSUB {Reply} 1\r\nPING\r\n"));
        await ReadLinesAsync(socket, 2);
        return await Running.TimeAsync(() => window > 0 ? PutAsync(socket, subject, work.Count, window) : PublishAsync(socket, subject, work.Count));
    }

    private static async Task PublishAsync(Socket socket, string subject, int count)
    {
        var one = Encoding.ASCII.GetBytes($"PUB {subject} {Work.ValueBytes}\r\n{new string('x', Work.ValueBytes)}\r\n");
        var batch = Enumerable.Repeat(one, 256).SelectMany(bytes => bytes).ToArray();
        for (var sent = 0; sent < count; sent += 256)
        {
            await SendAllAsync(socket, batch.AsMemory(0, one.Length * Math.Min(256, count - sent)));
        }

        await SendAllAsync(socket, "PING\r\n"u8.ToArray());
        await ReadLinesAsync(socket, 1);
    }

    /// <summary>Keeps <paramref name="window"/> puts on their way. An acknowledgement is two lines.</summary>
    private static async Task PutAsync(Socket socket, string prefix, int count, int window)
    {
        const string Expecting = "NATS/1.0\r\nNats-Expected-Last-Subject-Sequence: 0\r\n\r\n";
        var tail = $" {Reply} {Expecting.Length} {Expecting.Length + Work.ValueBytes}\r\n{Expecting}{new string('x', Work.ValueBytes)}\r\n";
        var buffer = new byte[256 * 1024];
        var text = new StringBuilder();
        var (sent, lines) = (0, 0);
        while (lines < count * 2)
        {
            text.Clear();
            for (; sent < count && sent - (lines / 2) < window; sent++)
            {
                text.Append("HPUB ").Append(prefix).Append(sent).Append(tail);
            }

            if (text.Length > 0)
            {
                await SendAllAsync(socket, Encoding.ASCII.GetBytes(text.ToString()));
            }

            var read = await socket.ReceiveAsync(buffer);
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
        }
    }

    private static async Task SendAllAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes)..];
        }
    }

    private static async Task ReadLinesAsync(Socket socket, int count)
    {
        var buffer = new byte[16 * 1024];
        while (count > 0)
        {
            count -= buffer.AsSpan(0, await socket.ReceiveAsync(buffer)).Count((byte)'\n');
        }
    }
}
