using System.Net.Sockets;
using System.Text;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Podman.Fixtures;

/// <summary>A unix socket that answers each request with what a test says: a podman that hangs, dies or lies.</summary>
internal sealed class ScriptedSocket : IAsyncDisposable
{
    private readonly TempFolder folder = new();
    private readonly CancellationTokenSource ended = new();
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Func<string, Socket, CancellationToken, Task> answer;
    private readonly Task loop;

    /// <summary>Hands each request's first line, and the connection, to <paramref name="answer"/>; the connection is closed after it.</summary>
    public ScriptedSocket(Func<string, Socket, CancellationToken, Task> answer)
    {
        this.answer = answer;
        listener.Bind(new UnixDomainSocketEndPoint(Path));
        listener.Listen();
        loop = AcceptAsync();
    }

    public string Path => folder.File("s");

    /// <summary>Answers with these bytes, and hangs up.</summary>
    public static ScriptedSocket Saying(string text) => new((_, socket, cancel) => SendAsync(socket, text, cancel));

    /// <summary>Answers every request with a status and a body of that length.</summary>
    public static ScriptedSocket Answering(int status, string body) => Saying(Response(status, body));

    /// <summary>A whole answer.</summary>
    public static string Response(int status, string body) =>
        $"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";

    /// <summary>The beginning of an answer without an end.</summary>
    public static string Endless(string body) => "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body;

    public static async Task SendAsync(Socket socket, string text, CancellationToken cancel) =>
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), cancel);

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        listener.Dispose();
        await loop;
        ended.Dispose();
        folder.Dispose();
    }

    private async Task AcceptAsync()
    {
        var served = new List<Task>();
        try
        {
            while (true)
            {
                served.Add(ServeAsync(await listener.AcceptAsync(ended.Token)));
            }
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(served);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                var buffer = new byte[64 * 1024];
                var read = await socket.ReceiveAsync(buffer, ended.Token);
                if (read > 0)
                {
                    await answer(Encoding.UTF8.GetString(buffer, 0, read).Split('\r')[0], socket, ended.Token);
                }
            }
            catch (Exception over) when (over is OperationCanceledException or SocketException)
            {
                // The client has gone, or the test is over.
            }
        }
    }
}
