using System.Diagnostics;
using System.Security.Cryptography;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.LoadTest.Fleets;
using Harmony.Fleet.LoadTest.Measuring;
using Harmony.Fleet.LoadTest.Plans;
using NATS.Client.Core;

namespace Harmony.Fleet.Bench.Floods;

/// <summary>
/// The yardstick of <see cref="AgentHerd"/>: as many connections of the library alone, all at once, with the same logins. Each logs in, listens where its device
/// does, reads the manifest, and puts one value as large as a report. Nobody gives up before it is done.
/// </summary>
internal static class BareHerd
{
    private const int ReportBytes = 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Connects, and prints what that took.</summary>
    public static async Task MeasureAsync(int count, OwnFleet fleet, CancellationToken cancellationToken)
    {
        NatsConnection[] bare = [.. Enumerable.Range(0, count).Select(device => new NatsConnection(Options(device, fleet)))];
        try
        {
            var meters = new[] { ("connections", new ProcessMeter(Environment.ProcessId)), ("nats-server", new ProcessMeter(await fleet.NatsAsync())) };
            var began = Stopwatch.GetTimestamp();
            await Task.WhenAll(bare.Select((connection, device) => Task.Run(() => ComeAsync(connection, device, cancellationToken), cancellationToken)));
            var took = Stopwatch.GetElapsedTime(began);
            Console.WriteLine($"yardstick: {count:N0} connections of the library alone did this in {took.TotalSeconds:F1} s: log in, listen, read, put once; "
                + $"processor time {string.Join(", ", meters.Select(meter => $"{meter.Item1} {meter.Item2.Cpu:F1} s"))}, of {Environment.ProcessorCount * took.TotalSeconds:F1} s that there were");
        }
        finally
        {
            await Parallel.ForEachAsync(bare, CancellationToken.None, async (connection, _) => await connection.DisposeAsync());
        }
    }

    private static NatsOpts Options(int device, OwnFleet fleet) => new()
    {
        Url = fleet.Reached.NatsUrl,
        InboxPrefix = $"_INBOX_{LoadPlan.Device(device)}",
        AuthOpts = new() { AuthCredCallback = (_, _) => ValueTask.FromResult(NatsAuthCred.FromNkey(fleet.SeedOf(LoadPlan.Device(device)))) },
        ConnectTimeout = Patience,
        RequestTimeout = Patience,
        CommandTimeout = Patience,
        ReaderBufferSize = 8 * 1024,
        WriterBufferSize = 8 * 1024,
        RequestReplyMode = NatsRequestReplyMode.Direct,
    };

    private static async Task ComeAsync(NatsConnection connection, int device, CancellationToken cancellationToken)
    {
        var id = LoadPlan.Device(device);
        await connection.ConnectAsync();
        _ = await connection.SubscribeCoreAsync<byte[]>(Subjects.LiveDesired(id), cancellationToken: cancellationToken);
        await AskAsync(connection, $"$JS.API.DIRECT.GET.KV_{BucketNames.DesiredState}.$KV.{BucketNames.DesiredState}.{id}", [], cancellationToken);
        await AskAsync(connection, $"$KV.{BucketNames.DeviceState}.{id}", RandomNumberGenerator.GetBytes(ReportBytes), cancellationToken);
    }

    private static async Task AskAsync(NatsConnection connection, string subject, byte[] payload, CancellationToken cancellationToken) =>
        await connection.RequestAsync<byte[], byte[]>(subject, payload, cancellationToken: cancellationToken);
}
