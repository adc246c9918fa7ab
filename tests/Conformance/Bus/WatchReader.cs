using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Tests.Conformance.Bus;

/// <summary>Reads a watch event by event. The limit only ends a test that would never end.</summary>
public sealed class WatchReader(IAsyncEnumerable<BucketEvent> watch, CancellationToken stop) : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly IAsyncEnumerator<BucketEvent> events = watch.GetAsyncEnumerator(CancellationToken.None);
    private Task<bool> pending = Task.FromResult(true);

    public async Task<BucketEvent> NextAsync()
    {
        pending = events.MoveNextAsync().AsTask();
        (await pending.WaitAsync(Limit, stop)).ShouldBeTrue("the watch ended");
        return events.Current;
    }

    /// <summary>The next event, which is a change.</summary>
    public async Task<BucketEntry> ChangeAsync() => (await NextAsync()).ShouldBeOfType<BucketEvent.Changed>().Value;

    /// <summary>Reads up to the next CaughtUp, and tells the keys on the way.</summary>
    public async Task<List<string>> CaughtUpAsync()
    {
        var keys = new List<string>();
        while (await NextAsync() is var happened and not BucketEvent.CaughtUp)
        {
            if (happened is BucketEvent.Changed changed)
            {
                keys.Add(changed.Value.Key);
            }
        }

        return keys;
    }

    /// <summary>
    /// Reads up to the keys of a watch that has begun again and is settled: a bucket may be seen before it has anything, and then the key comes live.
    /// </summary>
    public async Task<List<string>> RestartedAsync()
    {
        while (await NextAsync() is not BucketEvent.Restarted)
        {
        }

        var keys = await CaughtUpAsync();
        return keys.Count > 0 ? keys : [(await ChangeAsync()).Key];
    }

    public async ValueTask DisposeAsync()
    {
        // A watch that still waits cannot be disposed: its test has failed already, and says why.
        if (pending.IsCompleted)
        {
            await events.DisposeAsync();
        }
    }
}
