using System.Net.Sockets;
using System.Text;

namespace Harmony.Fleet.Bench.Floods;

/// <summary>Clients who are let in nowhere: their requests have long paths, their logins long names with an escape in them.</summary>
internal sealed class Strangers(Uri api, Uri nats)
{
    private const int Each = 32;
    private static readonly string Long = new('x', 4000);
    private long requests;
    private long logins;

    /// <summary>Knocks until its input ends, and says how often that was.</summary>
    public static async Task<int> KnockAsync(Uri api, Uri nats, CancellationToken cancellationToken)
    {
        var strangers = new Strangers(api, nats);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var knocking = strangers.KnockAsync(over.Token);
        await Console.In.ReadToEndAsync(cancellationToken);
        await over.CancelAsync();
        await knocking;
        Console.WriteLine($"{Interlocked.Read(ref strangers.requests):N0} requests, {Interlocked.Read(ref strangers.logins):N0} logins");
        return 0;
    }

    /// <summary>Knock until it is over, each as fast as it goes.</summary>
    private Task KnockAsync(CancellationToken over) => Task.WhenAll(
    [
        .. Enumerable.Range(0, Each).Select(_ => Task.Run(() => KnockAtApiAsync(over), CancellationToken.None)),
        .. Enumerable.Range(0, Each).Select(_ => Task.Run(() => KnockAtNatsAsync(over), CancellationToken.None)),
    ]);

    private async Task KnockAtApiAsync(CancellationToken over)
    {
        using var client = new HttpClient { BaseAddress = api };
        while (!over.IsCancellationRequested)
        {
            try
            {
                using var answer = await client.PostAsync(new Uri($"/api/v1/{Long}", UriKind.Relative), content: null, over);
                Interlocked.Increment(ref requests);
            }
            catch (Exception failed) when (failed is HttpRequestException or OperationCanceledException)
            {
                // Knocks again.
            }
        }
    }

    private async Task KnockAtNatsAsync(CancellationToken over)
    {
        var hello = Encoding.ASCII.GetBytes($"CONNECT {{\"verbose\":false,\"user\":\"\\u001b[2J{Long[..3000]}\",\"pass\":\"x\"}}\r\nPING\r\n");
        var buffer = new byte[4096];
        while (!over.IsCancellationRequested)
        {
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(nats.Host, nats.Port, over);
                await socket.SendAsync(hello, over);
                while (await socket.ReceiveAsync(buffer, over) > 0)
                {
                }

                Interlocked.Increment(ref logins);
            }
            catch (Exception failed) when (failed is SocketException or OperationCanceledException)
            {
                // Knocks again.
            }
        }
    }
}
