using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.LoadTest.Plans;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.LoadTest.Writing;

/// <summary>The manifests that devices are given: they say in their reports that they hold them. One watch for all of them, where each agent has one of its own.</summary>
internal sealed class HeldManifests(LoadPlan plan, DocumentWriter documents)
{
    private readonly bool[] whole = new bool[plan.Devices];
    private int missing = plan.Devices;

    /// <summary>How many devices have not been given all that is meant for them.</summary>
    public int Missing => Volatile.Read(ref missing);

    /// <summary>Takes them until it is cancelled.</summary>
    public async Task RunAsync(IBus bus, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var happened in bus.Bucket(BucketNames.DesiredState).WatchAsync(">", cancellationToken))
                {
                    if (happened is BucketEvent.Changed { Value: { IsDeleted: false } entry } && plan.DeviceOf(entry.Key) is { } device)
                    {
                        Take(device, entry.Value.Span);
                    }
                }
            }
            catch (IOException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
            }
        }
    }

    private void Take(int device, ReadOnlySpan<byte> bytes)
    {
        var manifest = JsonSerializer.Deserialize(bytes, ContractsJson.Bus.DeviceManifest)!;
        documents.Hold(device, manifest.Generation, Digest.Of(bytes));
        var isWhole = manifest.Entries.Length == plan.DeploymentsOf(device).Length;
        Interlocked.Add(ref missing, isWhole == whole[device] ? 0 : isWhole ? -1 : 1);
        whole[device] = isWhole;
    }
}
