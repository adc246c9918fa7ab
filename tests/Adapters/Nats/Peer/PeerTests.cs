using System.Text.Json.Nodes;
using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.Protocol;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Adapters.Nats.Bus;
using Harmony.Fleet.Tests.Conformance.Bus;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Nats.Peer;

/// <summary>What one client writes the other reads, both ways.</summary>
[Trait("Category", "Integration")]
public sealed class PeerTests
{
    private const string Bucket = "things";
    private static readonly byte[] Binary = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Values_ThatWeWrite_TheyRead(string version)
    {
        await using var rig = await PeerRig.StartAsync(version);
        var bucket = rig.Bus.Bucket(Bucket);
        await rig.Peer.DoAsync("watch", On());

        var first = Revision(await bucket.PutAsync("a.b", Binary, new BusHeaders("1:mac"), Stop));
        var got = await rig.Peer.DoAsync("get", On("a.b"));
        (Value(got), got!["revision"]!.GetValue<ulong>(), got["operation"]!.GetValue<string>()).ShouldBe((Convert.ToBase64String(Binary), first, "PUT"));
        (await rig.Peer.DoAsync("stored", On("a.b")))!["headers"]!["Fleet-Mac"]!.GetValue<string>().ShouldBe("1:mac");
        (await rig.Peer.DoAsync("nextChange", On()))!["key"]!.GetValue<string>().ShouldBe("a.b");

        var second = Revision(await bucket.UpdateAsync("a.b", "two"u8.ToArray(), first, BusHeaders.None, Stop));
        (await rig.Peer.DoAsync("nextChange", On()))!["revision"]!.GetValue<ulong>().ShouldBe(second);
        (await bucket.DeleteAsync("a.b", second, Stop)).ShouldBeOfType<PutOutcome.Stored>();
        (await rig.Peer.DoAsync("nextChange", On()))!["operation"]!.GetValue<string>().ShouldBe("DEL");
        (await rig.Peer.DoAsync("get", On("a.b")))!["operation"]!.GetValue<string>().ShouldBe("DEL");
        (await rig.Peer.DoAsync("keys", On()))!.AsArray().ShouldBeEmpty();
        (await bucket.CreateAsync("a.b", "three"u8.ToArray(), BusHeaders.None, Stop)).ShouldBeOfType<PutOutcome.Stored>();
        (await rig.Peer.DoAsync("keys", On()))!.AsArray().ShouldHaveSingleItem()!.GetValue<string>().ShouldBe("a.b");
    }

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Values_ThatTheyWrite_WeRead(string version)
    {
        await using var rig = await PeerRig.StartAsync(version);
        var bucket = rig.Bus.Bucket(Bucket);
        await using var watch = new WatchReader(bucket.WatchAsync(">", Stop), Stop);
        await watch.CaughtUpAsync();

        var revision = (await rig.Peer.DoAsync("put", On("a.b", Binary)))!.GetValue<ulong>();
        var entry = (await bucket.GetAsync("a.b", Stop)).ShouldBeOfType<GetOutcome.Found>().Entry;
        (Convert.ToBase64String(entry.Value.Span), entry.Revision, entry.Headers.Mac).ShouldBe((Convert.ToBase64String(Binary), revision, null));
        (await watch.ChangeAsync()).Value.ToArray().ShouldBe(Binary);

        await rig.Peer.DoAsync("publishAcked", new JsonObject
        {
            ["subject"] = $"$KV.{Bucket}.signed",
            ["value"] = Convert.ToBase64String(Binary),
            ["headers"] = new JsonObject { ["Fleet-Mac"] = "7:theirs", ["Other"] = "x" },
        });
        (await watch.ChangeAsync()).Headers.Mac.ShouldBe("7:theirs");
        (await bucket.GetAsync("signed", Stop)).ShouldBeOfType<GetOutcome.Found>().Entry.Headers.Mac.ShouldBe("7:theirs");

        await rig.Peer.DoAsync("delete", On("a.b"));
        (await watch.ChangeAsync()).ShouldSatisfyAllConditions(change => change.IsDeleted.ShouldBeTrue(), change => change.Key.ShouldBe("a.b"));
        (await bucket.GetAsync("a.b", Stop)).ShouldBeOfType<GetOutcome.Missing>();
        var again = (await rig.Peer.DoAsync("create", On("a.b", Binary)))!.GetValue<ulong>();
        (await bucket.UpdateAsync("a.b", "ours"u8.ToArray(), again, BusHeaders.None, Stop)).ShouldBeOfType<PutOutcome.Stored>();
        (await bucket.KeysAsync(Stop).ToListAsync(Stop)).ShouldBe(["a.b", "signed"], ignoreOrder: true);
    }

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Conflicts_AreSeenByWhoeverIsLate(string version)
    {
        await using var rig = await PeerRig.StartAsync(version);
        var bucket = rig.Bus.Bucket(Bucket);
        var ours = Revision(await bucket.CreateAsync("a", "1"u8.ToArray(), BusHeaders.None, Stop));

        (await Should.ThrowAsync<InvalidOperationException>(() => rig.Peer.DoAsync("create", On("a", Binary)))).Message.ShouldContain("wrong last sequence");
        var arguments = On("a", Binary);
        arguments["revision"] = ours;
        var theirs = (await rig.Peer.DoAsync("update", arguments))!.GetValue<ulong>();
        (await bucket.UpdateAsync("a", "2"u8.ToArray(), ours, BusHeaders.None, Stop)).ShouldBeOfType<PutOutcome.Conflict>().CurrentRevision.ShouldBe(theirs);
    }

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Purge_ByThem_IsRefusedByOurBucketAndSeenInTheirs(string version)
    {
        await using var rig = await PeerRig.StartAsync(version);
        await rig.Peer.DoAsync("put", On("a", Binary));
        await Should.ThrowAsync<InvalidOperationException>(() => rig.Peer.DoAsync("purge", On("a")));
        (await rig.Bus.Bucket(Bucket).GetAsync("a", Stop)).ShouldBeOfType<GetOutcome.Found>();

        await rig.Peer.DoAsync("createBucket", new JsonObject { ["bucket"] = "theirs" });
        await rig.Peer.DoAsync("put", new JsonObject { ["bucket"] = "theirs", ["key"] = "a", ["value"] = "AA==" });
        var theirs = rig.Bus.Bucket("theirs");
        (await theirs.GetAsync("a", Stop)).ShouldBeOfType<GetOutcome.Found>();
        await using var watch = new WatchReader(theirs.WatchAsync(">", Stop), Stop);
        await watch.CaughtUpAsync();
        await rig.Peer.DoAsync("purge", new JsonObject { ["bucket"] = "theirs", ["key"] = "a" });
        (await watch.ChangeAsync()).IsDeleted.ShouldBeTrue();
        (await theirs.GetAsync("a", Stop)).ShouldBeOfType<GetOutcome.Missing>();
        var ensured = await rig.Bus.Admin.EnsureBucketAsync(new BucketSettings { Name = "theirs" }, Stop);
        (ensured is EnsureBucketOutcome.Corrected or EnsureBucketOutcome.Mismatch).ShouldBeTrue(ensured.ToString());
        await rig.Peer.DoAsync("put", new JsonObject { ["bucket"] = "theirs", ["key"] = "a", ["value"] = "AA==" });
        await Should.ThrowAsync<InvalidOperationException>(() => rig.Peer.DoAsync("purge", new JsonObject { ["bucket"] = "theirs", ["key"] = "a" }));
    }

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task Messages_WithHeaders_PassBothWays(string version)
    {
        await using var rig = await PeerRig.StartAsync(version);
        await using var subscription = await rig.Bus.SubscribeAsync("to.us", Stop);
        await rig.Peer.DoAsync("subscribe", new JsonObject { ["subject"] = "to.them" });

        await rig.Peer.DoAsync("publish", Message("to.us", "1:theirs"));
        await rig.Bus.PublishAsync("to.them", Binary, new BusHeaders("2:ours"), Stop);

        var heard = await subscription.ReadAsync(Stop).FirstAsync(Stop);
        (Convert.ToBase64String(heard.Payload.Span), heard.Headers.Mac).ShouldBe((Convert.ToBase64String(Binary), "1:theirs"));
        var theirs = await rig.Peer.DoAsync("nextMessage", new JsonObject { ["subject"] = "to.them" });
        (Value(theirs), theirs!["headers"]!["Fleet-Mac"]!.GetValue<string>()).ShouldBe((Convert.ToBase64String(Binary), "2:ours"));
    }

    [Fact]
    public async Task Requests_PassBothWays()
    {
        await using var rig = await PeerRig.StartAsync(NatsVersions.Newest);
        await rig.Peer.DoAsync("respond", new JsonObject { ["subject"] = "their.echo" });
        await using var echo = await rig.Link.SubscribeAsync("our.echo", null, 16, Stop);

        var answer = await rig.Link.RequestAsync("their.echo", Binary, NatsHeaders.Of("A", "b"), TimeSpan.FromSeconds(10), Stop);
        (answer.Message.Payload.ToArray().SequenceEqual(Binary), answer.Message.Headers!.Get("A")).ShouldBe((true, "b"));

        var asking = rig.Peer.DoAsync("request", Message("our.echo", "1:x"));
        var question = await echo.ReadAllAsync(Stop).FirstAsync(Stop);
        await rig.Link.PublishAsync(question.ReplyTo!, question.Payload, question.Headers, null, Stop);
        var theirs = await asking;
        (Value(theirs), theirs!["headers"]!["Fleet-Mac"]!.GetValue<string>()).ShouldBe((Convert.ToBase64String(Binary), "1:x"));
    }

    private static JsonObject On(string? key = null, byte[]? value = null)
    {
        var arguments = new JsonObject { ["bucket"] = Bucket };
        if (key is not null)
        {
            arguments["key"] = key;
            arguments["value"] = Convert.ToBase64String(value ?? []);
        }

        return arguments;
    }

    private static JsonObject Message(string subject, string mac) => new()
    {
        ["subject"] = subject,
        ["value"] = Convert.ToBase64String(Binary),
        ["headers"] = new JsonObject { ["Fleet-Mac"] = mac },
    };

    private static string Value(JsonNode? entry) => entry!["value"]!.GetValue<string>();

    private static ulong Revision(PutOutcome outcome) => outcome.ShouldBeOfType<PutOutcome.Stored>().Revision;

    private sealed class PeerRig(NatsServer server, NatsConnection link, JavaScriptPeer peer) : IAsyncDisposable
    {
        public NatsConnection Link => link;

        public NatsBus Bus { get; } = Buses.On(link);

        public JavaScriptPeer Peer => peer;

        public static async Task<PeerRig> StartAsync(string version)
        {
            var server = await NatsServer.StartAsync(version);
            var rig = new PeerRig(server, await Buses.ConnectionAsync(server), await JavaScriptPeer.StartAsync(server));
            (await rig.Bus.Admin.EnsureBucketAsync(new BucketSettings { Name = Bucket }, Stop)).ShouldBeOfType<EnsureBucketOutcome.Created>();
            return rig;
        }

        public async ValueTask DisposeAsync()
        {
            await peer.DisposeAsync();
            await Bus.DisposeAsync();
            await server.DisposeAsync();
        }
    }
}
