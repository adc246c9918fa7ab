using System.Globalization;
using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Adapters.Nats.Bus;
using Harmony.Fleet.Tests.Conformance.Bus;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Harness.Bus;

namespace Harmony.Fleet.Tests.Adapters.Nats.KeyValue;

/// <summary>A watch outlives what happens to the server, and no change is lost without a word.</summary>
[Trait("Category", "Integration")]
public sealed class OutageTests
{
    private static readonly BucketSettings Settings = new() { Name = "things" };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Watch_OfAServerWhoseStoreIsRemoved_BeginsAgainWithWhatIsRebuilt(string version)
    {
        await using var server = await NatsServer.StartAsync(version);
        await using var bus = await OpenAsync(server);
        var bucket = bus.Bucket("things");
        await using var watch = await WatchAsync(bus, "old");

        await server.KillAsync();
        server.WipeStore();
        await server.RestartAsync();
        await Eventually.HoldsAsync(async () => await Buses.Admin(bus).EnsureBucketAsync(Settings, Stop) is EnsureBucketOutcome.Created, "the bucket is made anew");
        await PutAsync(bucket, "new");

        (await watch.RestartedAsync()).ShouldBe(["new"]);
        (await bucket.GetAsync("old", Stop)).ShouldBeOfType<GetOutcome.Missing>();
    }

    [Fact]
    public async Task Watch_OfAServerThatHangs_BeginsAgainAfterwards()
    {
        await using var server = await NatsServer.StartAsync();
        await using var bus = await OpenAsync(server);
        await using var watch = await WatchAsync(bus, "a");
        // The reader has to be waiting, else nothing is missed.
        var next = watch.NextAsync();

        server.Pause();
        await Task.Delay(Buses.JetStream.IdleHeartbeat * (Buses.JetStream.MaxMissedHeartbeats + 2), Stop);
        server.Resume();

        (await next).ShouldBeOfType<BucketEvent.Restarted>().Reason.ShouldContain("heartbeat");
        (await watch.CaughtUpAsync()).ShouldBe(["a"]);
    }

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Watch_WhoseConsumerIsDeleted_BeginsAgain(string version)
    {
        await using var server = await NatsServer.StartAsync(version);
        await using var bus = await OpenAsync(server);
        await using var watch = await WatchAsync(bus, "a");
        var next = watch.NextAsync();

        await DeleteConsumersAsync(server);

        (await next).ShouldBeOfType<BucketEvent.Restarted>();
        (await watch.CaughtUpAsync()).ShouldBe(["a"]);
    }

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Watch_UnderWritesAndKills_EndsWithExactlyWhatIsStored(string version)
    {
        await using var server = await NatsServer.StartAsync(version);
        await using var bus = await OpenAsync(server);
        await using var writer = await Buses.ConnectAsync(server);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        var watching = FollowAsync(bus.Bucket("things"), seen, enough.Token);

        for (var round = 0; round < 3; round++)
        {
            var writing = WriteAsync(writer.Bucket("things"), round);
            await Task.Delay(100, Stop);
            await server.KillAsync();
            await server.RestartAsync();
            await writing;
        }

        await Eventually.HoldsAsync(() => bus.Link.IsUp, "the link is up");
        var stored = await ReadAllAsync(bus.Bucket("things"));
        stored.Count.ShouldBe(50);
        await Eventually.HoldsAsync(() => Same(seen, stored), "the watch shows what is stored");
        await enough.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => watching);
    }

    [Fact]
    public async Task Watch_ThatIsDisposed_LeavesNoConsumerBehind()
    {
        await using var server = await NatsServer.StartAsync();
        await using var bus = await OpenAsync(server);
        await using (var watch = new WatchReader(bus.Bucket("things").WatchAsync(">", Stop), Stop))
        {
            await watch.CaughtUpAsync();
            (await ConsumersAsync(server)).ShouldBe(1);
        }

        (await bus.Bucket("things").KeysAsync(Stop).ToListAsync(Stop)).ShouldBeEmpty();
        await Eventually.HoldsAsync(async () => await ConsumersAsync(server) == 0, "the consumers are gone");
    }

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Watch_OfTwentyThousandKeys_ShowsEachOnceThenCaughtUp(string version)
    {
        await using var server = await NatsServer.StartAsync(version);
        await using var bus = await OpenAsync(server);
        var bucket = bus.Bucket("things");
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20_000).Select(i => bucket.PutAsync($"key-{i}", new byte[200], new BusHeaders("1:mac"), Stop)));
        outcomes.ShouldAllBe(outcome => outcome is PutOutcome.Stored);

        await using var watch = new WatchReader(bucket.WatchAsync(">", Stop), Stop);
        var keys = await watch.CaughtUpAsync();

        keys.Count.ShouldBe(20_000);
        keys.Distinct().Count().ShouldBe(20_000);
        (await bucket.KeysAsync(Stop).CountAsync(Stop)).ShouldBe(20_000);
    }

    [Fact]
    public async Task Watch_WithAReaderThatIsSlowerThanTheHeartbeats_IsNotTakenForLost()
    {
        await using var server = await NatsServer.StartAsync();
        await using var bus = await OpenAsync(server);
        var bucket = bus.Bucket("things");
        await PutAsync(bucket, "a");
        await PutAsync(bucket, "b");
        await using var watch = new WatchReader(bucket.WatchAsync(">", Stop), Stop);
        (await watch.ChangeAsync()).Key.ShouldBe("a");

        await Task.Delay(Buses.JetStream.IdleHeartbeat * (Buses.JetStream.MaxMissedHeartbeats + 2), Stop);

        (await watch.ChangeAsync()).Key.ShouldBe("b");
        (await watch.NextAsync()).ShouldBeOfType<BucketEvent.CaughtUp>();
    }

    [Fact]
    public async Task Watch_OfAConnectionThatIsClosed_Ends()
    {
        await using var server = await NatsServer.StartAsync();
        var bus = await OpenAsync(server);
        var watch = new WatchReader(bus.Bucket("things").WatchAsync(">", Stop), Stop);
        await watch.CaughtUpAsync();
        var next = watch.NextAsync();

        await bus.DisposeAsync();

        (await next).ShouldBeOfType<BucketEvent.Restarted>();
        await Should.ThrowAsync<ObjectDisposedException>(watch.NextAsync);
    }

    private static async Task<NatsBus> OpenAsync(NatsServer server)
    {
        var bus = await Buses.ConnectAsync(server);
        (await Buses.Admin(bus).EnsureBucketAsync(Settings, Stop)).ShouldBeOfType<EnsureBucketOutcome.Created>();
        return bus;
    }

    private static async Task<WatchReader> WatchAsync(NatsBus bus, string key)
    {
        await PutAsync(bus.Bucket("things"), key);
        var watch = new WatchReader(bus.Bucket("things").WatchAsync(">", Stop), Stop);
        (await watch.CaughtUpAsync()).ShouldBe([key]);
        return watch;
    }

    private static async Task PutAsync(IBucket bucket, string key) =>
        (await bucket.PutAsync(key, "x"u8.ToArray(), BusHeaders.None, Stop)).ShouldBeOfType<PutOutcome.Stored>();

    private static async Task WriteAsync(IBucket bucket, int round)
    {
        for (var i = 0; i < 500; i++)
        {
            var value = System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{round}-{i}"));
            // Unavailable is no lost write: it is written again until it is stored.
            while (await bucket.PutAsync($"key-{i % 50}", value, BusHeaders.None, Stop) is not PutOutcome.Stored)
            {
                await Task.Delay(20, Stop);
            }
        }
    }

    private static async Task FollowAsync(IBucket bucket, Dictionary<string, string> seen, CancellationToken cancellationToken)
    {
        await foreach (var happened in bucket.WatchAsync(">", cancellationToken))
        {
            lock (seen)
            {
                if (happened is BucketEvent.Changed { Value: var entry })
                {
                    seen[entry.Key] = System.Text.Encoding.UTF8.GetString(entry.Value.Span);
                }
                else if (happened is BucketEvent.Restarted)
                {
                    seen.Clear();
                }
            }
        }
    }

    private static async Task<Dictionary<string, string>> ReadAllAsync(IBucket bucket)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (var key in bucket.KeysAsync(Stop))
        {
            all[key] = System.Text.Encoding.UTF8.GetString((await bucket.GetAsync(key, Stop)).ShouldBeOfType<GetOutcome.Found>().Entry.Value.Span);
        }

        return all;
    }

    private static bool Same(Dictionary<string, string> seen, Dictionary<string, string> stored)
    {
        lock (seen)
        {
            return seen.Count == stored.Count && stored.All(pair => seen.GetValueOrDefault(pair.Key) == pair.Value);
        }
    }

    private static async Task<long> ConsumersAsync(NatsServer server)
    {
        var library = await Buses.LibraryAsync(server);
        await using var connection = library.Connection;
        return (await library.GetStreamAsync("KV_things", cancellationToken: Stop)).Info.State.ConsumerCount;
    }

    private static async Task DeleteConsumersAsync(NatsServer server)
    {
        var library = await Buses.LibraryAsync(server);
        await using var connection = library.Connection;
        await foreach (var name in library.ListConsumerNamesAsync("KV_things", Stop))
        {
            (await library.DeleteConsumerAsync("KV_things", name, Stop)).ShouldBeTrue();
        }
    }
}
