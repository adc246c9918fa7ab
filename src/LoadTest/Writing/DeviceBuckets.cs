using System.Collections.Concurrent;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.LoadTest.Fleets;
using Harmony.Fleet.LoadTest.Plans;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.LoadTest.Writing;

/// <summary>
/// Puts documents of devices over a few connections, each in place of the one before, as an agent does; what fails is counted, and tried again until it is stored:
/// what was last written is known.
/// </summary>
internal sealed class DeviceBuckets : IAsyncDisposable
{
    private const int Connections = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly IBus[] buses;
    private readonly DocumentWriter documents;
    private readonly ConcurrentDictionary<(string Bucket, int Device), ulong> revisions = new();
    private long errors;
    private long reports;

    private DeviceBuckets(IBus[] buses, DocumentWriter documents) => (this.buses, this.documents) = (buses, documents);

    /// <summary>Writes that failed.</summary>
    public long Errors => Interlocked.Read(ref errors);

    /// <summary>Reports that are stored.</summary>
    public long Reports => Interlocked.Read(ref reports);

    /// <summary>One of the connections.</summary>
    public IBus Bus => buses[0];

    public static async Task<DeviceBuckets> OpenAsync(LoadedFleet fleet, DocumentWriter documents, CancellationToken cancellationToken) =>
        new(await Task.WhenAll(Enumerable.Range(1, Connections).Select(async number => (IBus)await fleet.ConnectAsync($"load-test {number}", cancellationToken))), documents);

    /// <summary>A device says who it is, and that nothing stands on it yet.</summary>
    public async Task SayHelloAsync(int device, CancellationToken cancellationToken)
    {
        await PutAsync(BucketNames.DeviceInfo, MessageKinds.Info, device, documents.Info(device), cancellationToken);
        await PutAsync(BucketNames.DeviceState, MessageKinds.Report, device, documents.Nothing(device), cancellationToken);
    }

    public Task PutBeatAsync(int device, CancellationToken cancellationToken) =>
        PutAsync(BucketNames.DeviceHeartbeat, MessageKinds.Heartbeat, device, documents.Beat(device), cancellationToken);

    public async Task PutReportAsync(int device, Phase[] phases, CancellationToken cancellationToken)
    {
        await PutAsync(BucketNames.DeviceState, MessageKinds.Report, device, documents.Report(device, phases), cancellationToken);
        Interlocked.Increment(ref reports);
    }

    /// <summary>Removes what a device put: for a fleet that goes on.</summary>
    public async Task RemoveAsync(int device, CancellationToken cancellationToken)
    {
        foreach (var bucket in (string[])[BucketNames.DeviceInfo, BucketNames.DeviceState, BucketNames.DeviceHeartbeat])
        {
            await BusOf(device).Bucket(bucket).RemoveAsync(LoadPlan.Device(device).Value, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var bus in buses)
        {
            await bus.DisposeAsync();
        }
    }

    private async Task PutAsync(string bucket, string kind, int device, byte[] document, CancellationToken cancellationToken)
    {
        var (into, key) = (BusOf(device).Bucket(bucket), LoadPlan.Device(device).Value);
        var headers = new BusHeaders(documents.Sign(device, kind, document));
        while (true)
        {
            switch (await into.UpdateAsync(key, document, revisions.GetValueOrDefault((bucket, device)), headers, cancellationToken))
            {
                case PutOutcome.Stored stored:
                    revisions[(bucket, device)] = stored.Revision;
                    return;
                case PutOutcome.Conflict conflict:
                    Interlocked.Increment(ref errors);
                    revisions[(bucket, device)] = conflict.CurrentRevision;
                    break;
                default:
                    Interlocked.Increment(ref errors);
                    await Task.Delay(Pause, cancellationToken);
                    break;
            }
        }
    }

    private IBus BusOf(int device) => buses[device % buses.Length];
}
