using System.Runtime.CompilerServices;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Tests.Harness.Bus;

/// <summary>A bucket as one connection sees it.</summary>
internal sealed class FakeBucket(FakeBroker broker, FakeBus bus, string name) : IBucket
{
    public string Name => name;

    public Task<PutOutcome> CreateAsync(string key, ReadOnlyMemory<byte> value, BusHeaders headers, CancellationToken cancellationToken) =>
        Write(key, value, headers, isDeleted: false, last => last is null or { IsDeleted: true });

    public Task<PutOutcome> UpdateAsync(string key, ReadOnlyMemory<byte> value, ulong revision, BusHeaders headers, CancellationToken cancellationToken) =>
        Write(key, value, headers, isDeleted: false, last => (last?.Revision ?? 0) == revision);

    public Task<PutOutcome> DeleteAsync(string key, ulong revision, CancellationToken cancellationToken) =>
        Write(key, default, BusHeaders.None, isDeleted: true, last => (last?.Revision ?? 0) == revision);

    public Task<GetOutcome> GetAsync(string key, CancellationToken cancellationToken)
    {
        lock (broker.Gate)
        {
            return Task.FromResult<GetOutcome>(
                Away() is { } reason ? new GetOutcome.Unavailable(reason)
                : broker.Stream(name)!.Entries.GetValueOrDefault(key) is { IsDeleted: false } entry ? new GetOutcome.Found(entry)
                : new GetOutcome.Missing());
        }
    }

    public Task<GetOutcome> GetLatestAsync(string key, CancellationToken cancellationToken) => GetAsync(key, cancellationToken);

    public async IAsyncEnumerable<BucketEvent> WatchAsync(string filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var watch = new FakeWatch(broker, bus, name, filter);
        broker.Add(watch);
        try
        {
            await foreach (var happened in watch.Events.ReadAllAsync(cancellationToken))
            {
                yield return happened;
            }
        }
        finally
        {
            broker.Remove(watch);
        }
    }

    public IAsyncEnumerable<string> KeysAsync(CancellationToken cancellationToken) =>
        EntriesAsync(cancellationToken).Where(entry => !entry.IsDeleted).Select(entry => entry.Key);

    public IAsyncEnumerable<BucketEntry> MarkersAsync(CancellationToken cancellationToken) => EntriesAsync(cancellationToken).Where(entry => entry.IsDeleted);

    private async IAsyncEnumerable<BucketEntry> EntriesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var entry in Entries())
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return entry;
        }
    }

    private BucketEntry[] Entries()
    {
        lock (broker.Gate)
        {
            return Away() is { } reason ? throw new IOException(reason) : [.. broker.Stream(name)!.Entries.Values.OrderBy(entry => entry.Revision)];
        }
    }

    private Task<PutOutcome> Write(string key, ReadOnlyMemory<byte> value, BusHeaders headers, bool isDeleted, Func<BucketEntry?, bool> mayWrite)
    {
        lock (broker.Gate)
        {
            bus.Writes++;
            if (broker.Held is { } held)
            {
                held.Add(() => Carry(key, value, headers, isDeleted, mayWrite));
                return Task.FromResult<PutOutcome>(new PutOutcome.Unavailable("no answer in time"));
            }

            return Task.FromResult(Carry(key, value, headers, isDeleted, mayWrite));
        }
    }

    private PutOutcome Carry(string key, ReadOnlyMemory<byte> value, BusHeaders headers, bool isDeleted, Func<BucketEntry?, bool> mayWrite)
    {
        if (Away() is { } reason)
        {
            return new PutOutcome.Unavailable(reason);
        }

        var stream = broker.Stream(name)!;
        var last = stream.Entries.GetValueOrDefault(key);
        return value.Length > stream.Settings.MaxValueBytes ? new PutOutcome.Rejected("message size exceeds maximum allowed")
            : !mayWrite(last) ? new PutOutcome.Conflict(last?.Revision ?? 0)
            : new PutOutcome.Stored(broker.Store(stream, key, value, headers, isDeleted).Revision);
    }

    private string? Away()
    {
        var reason = !bus.Link.IsUp ? $"the bus is away: {bus.Link.Detail}"
            : broker.Stream(name) is null ? $"there is no bucket {name}"
            : null;
        bus.Failed += reason is null ? 0 : 1;
        return reason;
    }
}
