using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace Harmony.Fleet.Tests.Harness;

/// <summary>A service manager's end of sd_notify(3): a datagram socket that hears what a program says of itself.</summary>
public sealed class NotifySocket : IAsyncDisposable
{
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly ConcurrentQueue<string> heard = new();
    private readonly Task listening;

    /// <summary>Listens at <paramref name="path"/>.</summary>
    public NotifySocket(string path)
    {
        Path = path;
        socket.Bind(new UnixDomainSocketEndPoint(path));
        listening = ListenAsync();
    }

    public string Path { get; }

    /// <summary>All that was said, in order.</summary>
    public IReadOnlyList<string> Heard => [.. heard];

    public int Count(string state) => heard.Count(one => one == state);

    /// <summary>Waits until <paramref name="state"/> was said <paramref name="times"/> times more.</summary>
    public async Task HearsAsync(string state, int times = 1)
    {
        var before = Count(state);
        await Eventually.HoldsAsync(() => Count(state) >= before + times, $"{state} is said; heard: {string.Join(' ', Heard)}");
    }

    /// <summary>Waits until <paramref name="state"/> is not said any more for <paramref name="time"/>.</summary>
    public Task FallsSilentAsync(string state, TimeSpan time) => Eventually.HoldsAsync(
        async () =>
        {
            var before = Count(state);
            await Task.Delay(time);
            return Count(state) == before;
        },
        $"{state} is said no more");

    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        await listening;
    }

    private async Task ListenAsync()
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var length = await socket.ReceiveAsync(buffer);
                heard.Enqueue(Encoding.UTF8.GetString(buffer, 0, length));
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }
}
