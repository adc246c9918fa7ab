using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Ports.Bus;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Fleet.Bench.Nats;

/// <summary>The client that the operator and the agents use, through the port that they use.</summary>
internal sealed class OurClient : IContender
{
    private static readonly byte[] Value = new byte[Work.ValueBytes];

    public string Name => "ours";

    /// <summary>The operator's, who moves much; an agent's are smaller.</summary>
    public static int BufferBytes { get; set; } = NatsOptions.LargeBufferBytes;

    public static async Task<NatsBus> ConnectAsync(string url)
    {
        var bus = new NatsBus(NatsOptions.For(url) with { BufferBytes = BufferBytes }, TimeProvider.System, NullLogger.Instance);
        await bus.ConnectAsync(CancellationToken.None);
        return bus;
    }

    /// <summary>Puts <paramref name="count"/> keys that are not there.</summary>
    public static Task PutAsync(IBucket bucket, int count, int tasks) => Running.InParallelAsync(count, tasks, async i =>
    {
        if (await bucket.CreateAsync($"key-{i}", Value, BusHeaders.None, CancellationToken.None) is not PutOutcome.Stored)
        {
            throw new InvalidOperationException("a put was not stored");
        }
    });

    public async Task<Measured?> MeasureAsync(Work work, string url, string bucket)
    {
        await using var bus = await ConnectAsync(url);
        return work.Kind switch
        {
            WorkKind.Put => await Running.TimeAsync(() => PutAsync(bus.Bucket(bucket), work.Count, work.Tasks)),
            WorkKind.Publish => await Running.TimeAsync(() => PublishAsync(bus, work.Count)),
            WorkKind.Get => await Running.TimeAsync(() => GetAsync(bus.Bucket(bucket), work)),
            WorkKind.LiveWatch => await LiveWatchAsync(bus.Bucket(bucket), work),
            _ => await Running.TimeAsync(() => SnapshotAsync(bus.Bucket(bucket), work.Count)),
        };
    }

    private static async Task PublishAsync(NatsBus bus, int count)
    {
        for (var i = 0; i < count; i++)
        {
            while (await bus.PublishAsync("bench.core", Value, BusHeaders.None, CancellationToken.None) != PublishOutcome.Sent)
            {
                await Task.Yield();
            }
        }

        // A round trip through the same connection: all before it was taken.
        await bus.Bucket("bench-warm").GetAsync("key-0", CancellationToken.None);
    }

    private static Task GetAsync(IBucket bucket, Work work) => Running.InParallelAsync(work.Count, work.Tasks, async i =>
    {
        if (await bucket.GetAsync($"key-{i % 10_000}", CancellationToken.None) is not GetOutcome.Found)
        {
            throw new InvalidOperationException("a key was not found");
        }
    });

    private static async Task SnapshotAsync(IBucket bucket, int count)
    {
        var seen = 0;
        await foreach (var happened in bucket.WatchAsync(">", CancellationToken.None))
        {
            if (happened is BucketEvent.Changed)
            {
                seen++;
            }
            else if (happened is BucketEvent.CaughtUp && seen == count)
            {
                return;
            }
            else
            {
                throw new InvalidOperationException($"{happened} after {seen} of {count} keys");
            }
        }
    }

    private static async Task<Measured> LiveWatchAsync(IBucket bucket, Work work)
    {
        var ready = new TaskCompletionSource();
        var watching = Task.Run(async () =>
        {
            var seen = 0;
            await foreach (var happened in bucket.WatchAsync(">", CancellationToken.None))
            {
                if (happened is BucketEvent.CaughtUp)
                {
                    ready.SetResult();
                }
                else if (++seen == work.Count)
                {
                    return;
                }
            }
        });
        await ready.Task;
        return await Running.TimeAsync(async () =>
        {
            await PutAsync(bucket, work.Count, work.Tasks);
            await watching;
        });
    }
}
