using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.KeyValueStore;

namespace Harmony.Fleet.Bench.Nats;

/// <summary>The bare library with its defaults, used as its documentation shows: what our use of it is measured against.</summary>
internal sealed class LibraryClient : IContender
{
    private static readonly byte[] Value = new byte[Work.ValueBytes];

    public string Name => "NATS.Net alone";

    /// <summary>Whether its reads name the key in the subject, which is all that a device may do; its own default names it in the payload.</summary>
    public bool ReadsBySubject { get; init; }

    public async Task<Measured?> MeasureAsync(Work work, string url, string bucket)
    {
        await using var connection = new NatsConnection(new NatsOpts { Url = url });
        await connection.ConnectAsync();
        var store = await new NatsKVContext(new NatsJSContext(connection), new NatsKVOpts { UseDirectGetApiWithKeysInSubject = ReadsBySubject }).GetStoreAsync(bucket);
        return work.Kind switch
        {
            WorkKind.Put => await Running.TimeAsync(() => PutAsync(store, work)),
            WorkKind.Publish => await Running.TimeAsync(() => PublishAsync(connection, work.Count)),
            WorkKind.Get => await Running.TimeAsync(() => GetAsync(store, work)),
            WorkKind.LiveWatch => await LiveWatchAsync(store, work),
            _ => await Running.TimeAsync(() => SnapshotAsync(store, work.Count)),
        };
    }

    private static Task PutAsync(INatsKVStore store, Work work) =>
        Running.InParallelAsync(work.Count, work.Tasks, async i => await store.CreateAsync($"key-{i}", Value));

    private static async Task PublishAsync(NatsConnection connection, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await connection.PublishAsync("bench.core", Value);
        }

        await connection.PingAsync();
    }

    private static Task GetAsync(INatsKVStore store, Work work) => Running.InParallelAsync(work.Count, work.Tasks, async i =>
    {
        if ((await store.GetEntryAsync<byte[]>($"key-{i % 10_000}")).Value is not { Length: Work.ValueBytes })
        {
            throw new InvalidOperationException("a key was not found");
        }
    });

    private static async Task SnapshotAsync(INatsKVStore store, int count)
    {
        var seen = 0;
        await foreach (var _ in store.WatchAsync<byte[]>(opts: new NatsKVWatchOpts { IncludeHistory = false }))
        {
            if (++seen == count)
            {
                return;
            }
        }
    }

    private static async Task<Measured> LiveWatchAsync(INatsKVStore store, Work work)
    {
        var ready = new TaskCompletionSource();
        var watching = Task.Run(async () =>
        {
            var seen = 0;
            await foreach (var _ in store.WatchAsync<byte[]>(opts: new NatsKVWatchOpts { OnNoData = _ => { ready.TrySetResult(); return ValueTask.FromResult(false); } }))
            {
                if (++seen == work.Count)
                {
                    return;
                }
            }
        });
        await ready.Task;
        return await Running.TimeAsync(async () =>
        {
            await PutAsync(store, work);
            await watching;
        });
    }
}
