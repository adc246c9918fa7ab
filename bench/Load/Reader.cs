using System.Diagnostics;
using System.Text.Json;
using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.LoadTest.Fleets;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Bench.Load;

/// <summary>The yardstick: reads all of a bucket, verifies each document and parses it, and does nothing with it.</summary>
internal static class Reader
{
    /// <summary>Reads all reports and all manifests.</summary>
    public static async Task<TimeSpan> ReadAsync(LoadedFleet fleet, int count, CancellationToken cancellationToken)
    {
        await using var bus = await fleet.ConnectAsync("reader", cancellationToken);
        var began = Stopwatch.GetTimestamp();
        await ReadReportsAsync(fleet, bus, count);
        await ReadAsync(bus, BucketNames.DesiredState, count, (key, entry) => Verify(fleet.Master.DeviceKeys(key, 1).Down, MessageKinds.Manifest, key, entry)
            && JsonSerializer.Deserialize(entry.Value.Span, ContractsJson.Bus.DeviceManifest) is not null);
        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>Reads all reports.</summary>
    public static async Task<TimeSpan> ReadReportsAsync(LoadedFleet fleet, int count, CancellationToken cancellationToken)
    {
        await using var bus = await fleet.ConnectAsync("reader", cancellationToken);
        var began = Stopwatch.GetTimestamp();
        await ReadReportsAsync(fleet, bus, count);
        return Stopwatch.GetElapsedTime(began);
    }

    private static Task ReadReportsAsync(LoadedFleet fleet, NatsBus bus, int count) =>
        ReadAsync(bus, BucketNames.DeviceState, count, (key, entry) => Verify(fleet.Master.DeviceKeys(key, 1).Up, MessageKinds.Report, key, entry)
            && JsonSerializer.Deserialize(entry.Value.Span, ContractsJson.Bus.DeviceReport) is not null);

    private static bool Verify(byte[] key, string kind, DeviceId device, BucketEntry entry) => MessageMac.Verify(key, 1, kind, device, entry.Value.Span, entry.Headers.Mac);

    private static async Task ReadAsync(NatsBus bus, string bucket, int count, Func<DeviceId, BucketEntry, bool> isGood)
    {
        var read = 0;
        await foreach (var happened in bus.Bucket(bucket).WatchAsync(">", CancellationToken.None))
        {
            if (happened is BucketEvent.CaughtUp)
            {
                break;
            }

            read += happened is BucketEvent.Changed { Value: var entry } && isGood(DeviceId.Parse(entry.Key), entry) ? 1 : 0;
        }

        if (read != count)
        {
            throw new InvalidOperationException($"{bucket}: {read} of {count} documents could be read.");
        }
    }
}
