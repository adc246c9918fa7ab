using System.Diagnostics;
using NATS.Client.Core;

namespace Harmony.Fleet.Bench.Nats;

/// <summary>What many connections that do nothing cost this process: each listens on two subjects, as an agent does.</summary>
internal static class IdleConnections
{
    public static async Task MeasureAsync(string url, int count, string whose)
    {
        var open = new List<IAsyncDisposable>();
        await Running.InParallelAsync(10, 10, async _ => await OpenAsync(url, whose, "warm"));
        await Task.Delay(TimeSpan.FromSeconds(1));
        var before = Resident();
        var measured = await Running.TimeAsync(() => Running.InParallelAsync(count, 64, async i =>
        {
            var connection = await OpenAsync(url, whose, $"pi-{i}");
            lock (open)
            {
                open.Add(connection);
            }
        }));
        await Task.Delay(TimeSpan.FromSeconds(10));
        var after = Resident();
        Console.WriteLine($"{whose}: {count} connections in {measured.Seconds:F1} s, {(after - before) / 1024.0 / count:F1} KiB each, {after / 1024 / 1024} MiB in all");
        GC.KeepAlive(open);
        Environment.Exit(0); // Taking them down one by one is not what is measured.
    }

    private static async Task<IAsyncDisposable> OpenAsync(string url, string whose, string device)
    {
        if (whose == "ours")
        {
            var bus = await OurClient.ConnectAsync(url);
            await bus.SubscribeAsync($"live.desired.{device}", default);
            await bus.SubscribeAsync($"device-commands.{device}.*", default);
            return bus;
        }

        var connection = new NatsConnection(new NatsOpts { Url = url });
        await connection.ConnectAsync();
        await connection.SubscribeCoreAsync<byte[]>($"live.desired.{device}");
        await connection.SubscribeCoreAsync<byte[]>($"device-commands.{device}.*");
        await connection.PingAsync();
        return connection;
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
