using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Harmony.Fleet.Bench.Fleet;

/// <summary>Somebody without a token and without a key who knocks at the API and at NATS as fast as it goes, while somebody with both goes on.</summary>
internal static class Flood
{
    private const int Knockers = 32;

    private static readonly string Long = new('x', 4000);

    /// <summary>Prints what others wait for an answer before and meanwhile, and what all logs grew by.</summary>
    public static async Task MeasureAsync(BenchFleet fleet, string natsUrl, TimeSpan span)
    {
        await LatenciesAsync(fleet.Api, TimeSpan.FromSeconds(2));
        var quiet = await LatenciesAsync(fleet.Api, span);
        var before = LogBytes(fleet.Folder);
        using var stop = new CancellationTokenSource();
        var (requests, logins) = (new long[Knockers], new long[Knockers]);
        Task[] knockers =
        [
            .. Enumerable.Range(0, Knockers).Select(number => Task.Run(() => KnockAtApiAsync(fleet.Api.BaseAddress!, requests, number, stop.Token))),
            .. Enumerable.Range(0, Knockers).Select(number => Task.Run(() => KnockAtNatsAsync(new Uri(natsUrl), logins, number, stop.Token))),
        ];
        var meanwhile = await LatenciesAsync(fleet.Api, span);
        await stop.CancelAsync();
        await Task.WhenAll(knockers);
        await Task.Delay(TimeSpan.FromSeconds(12)); // What was kept back is written too.
        Console.WriteLine($"refused: {requests.Sum()} requests, {logins.Sum()} logins in {span.TotalSeconds:F0} s");
        Console.WriteLine($"all logs grew by {(LogBytes(fleet.Folder) - before) / 1024} KiB");
        Console.WriteLine($"others, quiet     {Summary.Of(quiet)}, p99 {P99(quiet):F2} ms, {quiet.Count} requests");
        Console.WriteLine($"others, meanwhile {Summary.Of(meanwhile)}, p99 {P99(meanwhile):F2} ms ({P99(meanwhile) / P99(quiet):F1} x), {meanwhile.Count} requests");
    }

    private static long LogBytes(string folder) =>
        Directory.EnumerateFiles(folder, "*.log*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);

    private static double P99(List<double> times) => times.Order().ElementAt(times.Count * 99 / 100);

    private static async Task<List<double>> LatenciesAsync(HttpClient api, TimeSpan span)
    {
        var times = new List<double>();
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < span;)
        {
            var one = Stopwatch.GetTimestamp();
            (await api.GetAsync("/api/v1/devices")).EnsureSuccessStatusCode();
            times.Add(Stopwatch.GetElapsedTime(one).TotalMilliseconds);
            await Task.Delay(5);
        }

        return times;
    }

    private static async Task KnockAtApiAsync(Uri api, long[] counts, int number, CancellationToken stop)
    {
        using var client = new HttpClient { BaseAddress = api };
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var answer = await client.PostAsync($"/api/v1/{Long}", content: null, stop);
                counts[number]++;
            }
            catch (Exception failed) when (failed is HttpRequestException or OperationCanceledException)
            {
                // Knocks again.
            }
        }
    }

    private static async Task KnockAtNatsAsync(Uri nats, long[] counts, int number, CancellationToken stop)
    {
        var hello = Encoding.ASCII.GetBytes($"CONNECT {{\"verbose\":false,\"user\":\"\\u001b[2J{Long[..3000]}\",\"pass\":\"x\"}}\r\nPING\r\n");
        var buffer = new byte[4096];
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(nats.Host, nats.Port, stop);
                await socket.SendAsync(hello, stop);
                while (await socket.ReceiveAsync(buffer, stop) > 0)
                {
                }

                counts[number]++;
            }
            catch (Exception failed) when (failed is SocketException or OperationCanceledException)
            {
                // Knocks again.
            }
        }
    }
}
