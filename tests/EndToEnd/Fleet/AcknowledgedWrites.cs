using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Adapters.NatsAdmin;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Harmony.Fleet.Tests.EndToEnd.Fleet;

/// <summary>
/// Writes to a bucket of its own all the while, with compare-and-set, and remembers what was acknowledged: new keys, each once, and counters that go up by
/// one. It holds on to nothing that was not acknowledged.
/// </summary>
internal sealed class AcknowledgedWrites : IAsyncDisposable
{
    public const string Bucket = "acknowledged";

    private const int Writers = 4;
    private const int Readers = 16;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(4);

    private readonly RunningFleet fleet;
    private readonly NatsBus bus;
    private readonly CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly ConcurrentDictionary<string, ulong> created = new();
    private readonly ConcurrentDictionary<string, (ulong Revision, int Number)> counters = new();
    private Task writing = Task.CompletedTask;
    private int refused;

    private AcknowledgedWrites(RunningFleet fleet, NatsBus bus) => (this.fleet, this.bus) = (fleet, bus);

    /// <summary>How many were acknowledged.</summary>
    public int Count => created.Count + counters.Values.Sum(counter => counter.Number);

    /// <summary>How many were not.</summary>
    public int Refused => refused;

    public static async Task<AcknowledgedWrites> StartAsync(RunningFleet fleet, string run)
    {
        var connected = await ConnectAsync(fleet, fleet.NatsUrl);
        var settings = new BucketSettings { Name = Bucket, Replicas = fleet.NatsServers.Length };
        var made = await new NatsBusAdmin(() => connected.Connection).EnsureBucketAsync(settings, TestContext.Current.CancellationToken);
        (made is EnsureBucketOutcome.Created or EnsureBucketOutcome.Verified).ShouldBeTrue($"{made}");
        var writes = new AcknowledgedWrites(fleet, connected);
        writes.writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(number => Task.Run(() => writes.WriteAsync($"{run}-{number}"))));
        return writes;
    }

    /// <summary>Which node, from 1, leads the stream of <paramref name="bucket"/>; null while none does.</summary>
    public async Task<int?> LeaderAsync(string bucket) =>
        (await InfoAsync(bucket))?.Cluster?.Leader is { Length: > 0 } leader ? int.Parse(leader[(leader.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture) : null;

    /// <summary>Waits until every server holds all of each bucket.</summary>
    public Task AllCurrentAsync(params string[] buckets) => Eventually.HoldsAsync(
        async () =>
        {
            foreach (var bucket in buckets)
            {
                var cluster = (await InfoAsync(bucket))?.Cluster;
                if (cluster is not { Leader.Length: > 0, Replicas: { } replicas } || replicas.Count != fleet.NatsServers.Length - 1 || replicas.Any(replica => !replica.Current || replica.Offline))
                {
                    return false;
                }
            }

            return true;
        },
        "every server holds all of each bucket",
        TimeSpan.FromSeconds(120));

    /// <summary>Waits until as many more writes were acknowledged.</summary>
    public Task GoOnAsync(int more)
    {
        var before = Count;
        return Eventually.HoldsAsync(() => Count >= before + more, $"{more} more writes are acknowledged", TimeSpan.FromSeconds(120));
    }

    /// <summary>Ends writing, and reads every acknowledged write back from each of the servers.</summary>
    /// <returns>What is not there, and where.</returns>
    public async Task<List<string>> LostAsync()
    {
        await stop.CancelAsync();
        await writing;
        await AllCurrentAsync(Bucket);
        var lost = new ConcurrentBag<string>();
        foreach (var server in fleet.NatsServers)
        {
            await using var reader = await ConnectAsync(fleet, server);
            var bucket = reader.Bucket(Bucket);
            var limits = new ParallelOptions { MaxDegreeOfParallelism = Readers, CancellationToken = TestContext.Current.CancellationToken };
            await Parallel.ForEachAsync(created, limits, async (write, token) =>
            {
                if (await bucket.GetAsync(write.Key, token) is not GetOutcome.Found { Entry: var entry } || entry.Revision != write.Value || Text(entry) != write.Key)
                {
                    lost.Add($"{write.Key} at {server}");
                }
            });
            await Parallel.ForEachAsync(counters, limits, async (counter, token) =>
            {
                if (await bucket.GetAsync(counter.Key, token) is not GetOutcome.Found { Entry: var entry } || int.Parse(Text(entry), CultureInfo.InvariantCulture) < counter.Value.Number)
                {
                    lost.Add($"{counter.Key} at {server}");
                }
            });
        }

        return [.. lost];
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await writing;
        await bus.DisposeAsync();
        stop.Dispose();
    }

    private static async Task<NatsBus> ConnectAsync(RunningFleet fleet, string url)
    {
        var seed = await File.ReadAllTextAsync(Path.Combine(fleet.DataFolder, "keys", "operator.nk"), TestContext.Current.CancellationToken);
        var options = NatsOptions.For(url) with { Login = new NatsLogin.NKey(NKeyPair.ParseSeed(seed.Trim())), ReconnectCap = TimeSpan.FromSeconds(1) };
        var connected = new NatsBus(options, TimeProvider.System, NullLogger.Instance);
        await connected.ConnectAsync(TestContext.Current.CancellationToken);
        return connected;
    }

    private static string Text(BucketEntry entry) => Encoding.UTF8.GetString(entry.Value.Span);

    private async Task WriteAsync(string name)
    {
        var bucket = bus.Bucket(Bucket);
        for (var number = 0; !stop.IsCancellationRequested; number++)
        {
            var key = $"{name}.{number}";
            if (await bucket.CreateAsync(key, Encoding.UTF8.GetBytes(key), BusHeaders.None, CancellationToken.None) is PutOutcome.Stored stored)
            {
                created[key] = stored.Revision;
            }
            else
            {
                Interlocked.Increment(ref refused);
            }

            await CountAsync(bucket, name);
            await Task.Delay(Pause, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task CountAsync(IBucket bucket, string name)
    {
        var (revision, number) = counters.GetValueOrDefault(name);
        var value = Encoding.UTF8.GetBytes($"{number + 1}");
        var put = revision == 0
            ? await bucket.CreateAsync(name, value, BusHeaders.None, CancellationToken.None)
            : await bucket.UpdateAsync(name, value, revision, BusHeaders.None, CancellationToken.None);
        if (put is PutOutcome.Stored stored)
        {
            counters[name] = (stored.Revision, number + 1);
            return;
        }

        // What was not acknowledged may have been stored: it is gone on from what is there.
        Interlocked.Increment(ref refused);
        if (await bucket.GetAsync(name, CancellationToken.None) is GetOutcome.Found { Entry: var entry } && int.Parse(Text(entry), CultureInfo.InvariantCulture) >= number)
        {
            counters[name] = (entry.Revision, int.Parse(Text(entry), CultureInfo.InvariantCulture));
        }
    }

    private async Task<StreamInfo?> InfoAsync(string bucket)
    {
        try
        {
            return bus.Connection is not { } connection ? null
                : (await new NatsJSContext(connection).GetStreamAsync($"KV_{bucket}", cancellationToken: TestContext.Current.CancellationToken)).Info;
        }
        catch (Exception away) when (away is NATS.Client.Core.NatsException or ObjectDisposedException
            || (away is OperationCanceledException && !TestContext.Current.CancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}
