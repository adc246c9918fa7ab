using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.LoadTest.Watching;

/// <summary>Counts the reports that the bus takes.</summary>
internal sealed class ReportCount
{
    private long count;

    /// <summary>So many so far.</summary>
    public long Count => Interlocked.Read(ref count);

    /// <summary>Counts until it is cancelled.</summary>
    public async Task RunAsync(IBus bus, CancellationToken cancellationToken)
    {
        await foreach (var happened in bus.Bucket(BucketNames.DeviceState).WatchAsync(">", cancellationToken))
        {
            Interlocked.Add(ref count, happened is BucketEvent.Changed ? 1 : 0);
        }
    }
}
