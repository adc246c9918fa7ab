using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Adapters.Nats.Bus;
using Harmony.Fleet.Tests.Conformance.Bus;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Harness.Bus;

namespace Harmony.Fleet.Tests.Adapters.Nats.KeyValue;

/// <summary>A device writes its own key as it likes, header bytes and all. Whoever reads the bucket is neither stopped nor deceived.</summary>
[Trait("Category", "Integration")]
public sealed class HostileWriterTests
{
    // Many heartbeats in a short test, and none that is missed for being late.
    private static readonly JetStreamOptions Talkative = new() { IdleHeartbeat = TimeSpan.FromMilliseconds(100), MaxMissedHeartbeats = 100 };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Blocks()
    {
        var rows = new TheoryData<string, string>();
        foreach (var version in (string[])[NatsVersions.Oldest, NatsVersions.Newest])
        {
            rows.Add(version, "NATS/1.0 100 Idle Heartbeat\r\nNats-Last-Consumer: 99\r\n\r\n");
            rows.Add(version, "NATS/1.0 100 FlowControl Request\r\n\r\n");
            rows.Add(version, "NATS/1.0 100 Idle Heartbeat\r\nNats-Consumer-Stalled: $KV.things.other\r\n\r\n");
            rows.Add(version, "NATS/1.0 404 Message Not Found\r\n\r\n");
            rows.Add(version, "NATS/1.0 503\r\n\r\n");
            rows.Add(version, "NATS/1.0 409 Consumer Deleted\r\n\r\n");
            rows.Add(version, "no headers at all");
            rows.Add(version, "NATS/1.0\r\nwithout a colon\r\n\r\n");
            rows.Add(version, "NATS/1.0\r\nKV-Operation : DEL\r\n\r\n");
            rows.Add(version, "NATS/1.0\r\n: of nothing\r\n\r\n");
            rows.Add(version, "NATS/1.0\r\n\u00e9\u0001: x\r\n\r\n");
            rows.Add(version, "NATS/1.0\r\nbare\nline\r\n");
            rows.Add(version, "NATS/1.0 99999999999\r\n\r\n");
            rows.Add(version, "NATS/1.0\r\n" + string.Concat(Enumerable.Repeat("a: b\r\n", 500)) + "\r\n");
            rows.Add(version, "NATS/1.0\r\nNats-Sequence: 999\r\nNats-Subject: $KV.things.other\r\nNats-Stream: KV_other\r\n\r\n");
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public async Task Watch_OfAKeyWithHostileHeaders_ShowsItAndGoesOn(string version, string block)
    {
        await using var server = await NatsServer.StartAsync(version);
        await using var bus = await BucketAsync(server);
        using var hostile = await RawWriter.ConnectAsync(server);
        var bucket = bus.Bucket("things");

        await hostile.PublishAsync("$KV.things.evil", block, "history");
        await using var watch = new WatchReader(bucket.WatchAsync(">", Stop), Stop);
        (await watch.CaughtUpAsync()).ShouldBe(["evil"]);
        await hostile.PublishAsync("$KV.things.evil", block, "live");
        await bucket.PutAsync("good", "fine"u8.ToArray(), new BusHeaders("1:mac"), Stop);

        (await watch.ChangeAsync()).ShouldSatisfyAllConditions(entry => entry.Key.ShouldBe("evil"), entry => entry.Revision.ShouldBe(2UL));
        (await watch.ChangeAsync()).ShouldSatisfyAllConditions(entry => entry.Key.ShouldBe("good"), entry => entry.Headers.Mac.ShouldBe("1:mac"));
        // Three heartbeats later it is the same watch still.
        await Task.Delay(Talkative.IdleHeartbeat * 3.5, Stop);
        await bucket.PutAsync("good", "again"u8.ToArray(), BusHeaders.None, Stop);
        (await watch.ChangeAsync()).Key.ShouldBe("good");
        (await bucket.KeysAsync(Stop).ToListAsync(Stop)).ShouldBe(["evil", "good"], ignoreOrder: true);
        (await bucket.GetAsync("other", Stop)).ShouldBeOfType<GetOutcome.Missing>();
    }

    /// <summary>What cannot be read cannot be removed either, and a device that was removed would never be gone.</summary>
    [Theory]
    [MemberData(nameof(Blocks))]
    public async Task Get_OfAKeyWithHostileHeaders_FindsTheValueThatCanBeReplacedAndRemoved(string version, string block)
    {
        await using var server = await NatsServer.StartAsync(version);
        await using var bus = await BucketAsync(server);
        using var hostile = await RawWriter.ConnectAsync(server);
        var bucket = bus.Bucket("things");

        await hostile.PublishAsync("$KV.things.evil", block, "value");

        var entry = (await bucket.GetAsync("evil", Stop)).ShouldBeOfType<GetOutcome.Found>().Entry;
        entry.ShouldSatisfyAllConditions(
            () => entry.Key.ShouldBe("evil"),
            () => entry.Value.ToArray().ShouldBe("value"u8.ToArray()),
            () => entry.Revision.ShouldBe(1UL),
            () => entry.Created.Year.ShouldBeGreaterThan(2020),
            () => entry.Headers.Mac.ShouldBeNull());
        (await bucket.CreateAsync("evil", "more"u8.ToArray(), BusHeaders.None, Stop)).ShouldBeOfType<PutOutcome.Conflict>().CurrentRevision.ShouldBe(1UL);
        (await bucket.RemoveAsync("evil", Stop)).ShouldBeOfType<PutOutcome.Stored>();
        (await bucket.GetAsync("evil", Stop)).ShouldBeOfType<GetOutcome.Missing>();
    }

    [Theory]
    [InlineData("kv-operation: DEL", false)]
    [InlineData("KV-Operation : DEL", false)]
    [InlineData("without a colon\r\nKV-Operation: DEL", true)]
    [InlineData("without a colon\r\nFleet-Mac : 1:small", false)]
    [InlineData("KV-OPERATION: PURGE", false)]
    [InlineData("nats-marker-reason: MaxAge", false)]
    [InlineData("KV-Operation: del", false)]
    [InlineData("KV-Operation: PUT\r\nKV-Operation: DEL", false)]
    [InlineData("KV-Operation:DEL", true)]
    [InlineData("KV-Operation:\t DEL\t", true)]
    [InlineData("KV-Operation: DEL\r\nKV-Operation: PUT", true)]
    [InlineData("a: b\r\nNats-Marker-Reason: MaxAge", true)]
    public async Task Marker_HoweverItIsSpelt_IsOneToEveryReaderOrToNone(string field, bool isMarker)
    {
        await using var server = await NatsServer.StartAsync(NatsVersions.Newest);
        await using var bus = await BucketAsync(server);
        using var hostile = await RawWriter.ConnectAsync(server);
        var bucket = bus.Bucket("things");

        await hostile.PublishAsync("$KV.things.evil", $"NATS/1.0\r\n{field}\r\nfleet-mac: 1:small\r\n\r\n", "value");

        await using var watch = new WatchReader(bucket.WatchAsync(">", Stop), Stop);
        (await watch.ChangeAsync()).ShouldSatisfyAllConditions(entry => entry.IsDeleted.ShouldBe(isMarker), entry => entry.Headers.Mac.ShouldBeNull());
        var found = await bucket.GetAsync("evil", Stop) as GetOutcome.Found;
        (found is null).ShouldBe(isMarker);
        found?.Entry.Headers.Mac.ShouldBeNull();
        (await bucket.RemoveAsync("evil", Stop)).ShouldBeOfType<PutOutcome.Stored>();
        (await bucket.GetAsync("evil", Stop)).ShouldBeOfType<GetOutcome.Missing>();
        (await bucket.KeysAsync(Stop).ToListAsync(Stop)).ShouldBeEmpty();
    }

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Get_OfAValueWithForgedServerHeaders_BelievesTheServersOwn(string version)
    {
        await using var server = await NatsServer.StartAsync(version);
        await using var bus = await BucketAsync(server);
        using var hostile = await RawWriter.ConnectAsync(server);
        const string Forged = "Nats-Stream: KV_x\r\nNats-Subject: $KV.things.other\r\nNats-Sequence: 999\r\nNats-Time-Stamp: 1999-01-01T00:00:00Z\r\n";

        await hostile.PublishAsync("$KV.things.evil", $"NATS/1.0 404 Not Found\r\n{Forged}Fleet-Mac: 1:x\r\n\r\n", "value");

        var entry = (await bus.Bucket("things").GetAsync("evil", Stop)).ShouldBeOfType<GetOutcome.Found>().Entry;
        entry.ShouldSatisfyAllConditions(
            () => entry.Revision.ShouldBe(1UL),
            () => entry.Created.Year.ShouldBeGreaterThan(2020),
            () => entry.Headers.Mac.ShouldBe("1:x"),
            () => entry.Value.Length.ShouldBe(5));
    }

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Rollup_InAHeaderOfOnesOwnKey_RemovesNothing(string version)
    {
        await using var server = await NatsServer.StartAsync(version);
        await using var bus = await BucketAsync(server);
        using var hostile = await RawWriter.ConnectAsync(server);
        var bucket = bus.Bucket("things");
        await bucket.PutAsync("good", "fine"u8.ToArray(), BusHeaders.None, Stop);

        await hostile.PublishAsync("$KV.things.evil", "NATS/1.0\r\nNats-Rollup: all\r\n\r\n", "wipe");
        await hostile.PublishAsync("$KV.things.evil", "NATS/1.0\r\nKV-Operation: PURGE\r\nNats-Rollup: sub\r\n\r\n", "wipe");

        (await bucket.GetAsync("good", Stop)).ShouldBeOfType<GetOutcome.Found>();
        (await bucket.GetAsync("evil", Stop)).ShouldBeOfType<GetOutcome.Missing>();
    }

    private static async Task<NatsBus> BucketAsync(NatsServer server)
    {
        var bus = await Buses.ConnectAsync(Buses.Options(server) with { JetStream = Talkative });
        (await Buses.Admin(bus).EnsureBucketAsync(new BucketSettings { Name = "things" }, Stop)).ShouldBeOfType<EnsureBucketOutcome.Created>();
        return bus;
    }
}
