using System.Globalization;
using System.Text;
using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Adapters.Nats.Bus;
using Harmony.Fleet.Tests.Harness;
using NATS.Client.JetStream.Models;

namespace Harmony.Fleet.Tests.Adapters.Nats.KeyValue;

/// <summary>Delete markers, as the server's stream shows them.</summary>
[Trait("Category", "Integration")]
public sealed class MarkerTests
{
    private const string Bucket = "things";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool> Kinds() => new()
    {
        { NatsVersions.Oldest, false }, { NatsVersions.Oldest, true }, { NatsVersions.Newest, false }, { NatsVersions.Newest, true },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task PurgedMarkers_LeaveNoMessage_AndNoneOfAnyoneElses(string version, bool inMemory)
    {
        await using var server = await NatsServer.StartAsync(version);
        await using var bus = await Buses.ConnectAsync(server);
        await Buses.Admin(bus).EnsureBucketAsync(new BucketSettings { Name = Bucket, InMemory = inMemory }, Stop);
        await DeleteAsync(bus, 100);
        await bus.Bucket(Bucket).CreateAsync("value", new byte[] { 1 }, BusHeaders.None, Stop);

        (await SweepAsync(bus)).ShouldBe(new PurgeMarkersOutcome.Purged(100));

        (await SubjectsAsync(server)).ShouldNotBeNull().ShouldBe(["$KV.things.value"]);
    }

    /// <summary>By their headers: as this program writes them, as other clients do, and as a server does whose messages expire.</summary>
    [Theory]
    [InlineData("KV-Operation: DEL")]
    [InlineData("KV-Operation: PURGE")]
    [InlineData("Nats-Marker-Reason: MaxAge")]
    [InlineData("KV-Operation: DEL\r\nno header at all")]
    public async Task Marker_WrittenByAnybody_IsOne(string headers)
    {
        await using var server = await NatsServer.StartAsync();
        await using var bus = await Buses.ConnectAsync(server);
        await Buses.Admin(bus).EnsureBucketAsync(new BucketSettings { Name = Bucket }, Stop);
        using var hostile = await RawWriter.ConnectAsync(server);
        await hostile.PublishAsync("$KV.things.evil", $"NATS/1.0\r\n{headers}\r\n\r\n", "value");
        await Eventually.HoldsAsync(async () => (await SubjectsAsync(server))?.Length == 1, "it is stored");

        (await SweepAsync(bus)).ShouldBe(new PurgeMarkersOutcome.Purged(1));

        (await SubjectsAsync(server)).ShouldNotBeNull().ShouldBeEmpty();
    }

    [Fact]
    public async Task PurgedMarkers_AreGoneAfterTheServerWasKilled()
    {
        await using var server = await NatsServer.StartAsync();
        await using var bus = await Buses.ConnectAsync(server);
        await Buses.Admin(bus).EnsureBucketAsync(new BucketSettings { Name = Bucket }, Stop);
        await DeleteAsync(bus, 3);
        var last = (await bus.Bucket(Bucket).MarkersAsync(Stop).ToListAsync(Stop)).Max(marker => marker.Revision);
        (await SweepAsync(bus)).ShouldBe(new PurgeMarkersOutcome.Purged(3));

        await server.KillAsync();
        await server.RestartAsync();
        await Eventually.HoldsAsync(() => bus.Link is { IsUp: true, Connects: > 1 }, "it is connected again");

        (await SubjectsAsync(server)).ShouldNotBeNull().ShouldBeEmpty();
        (await bus.Bucket(Bucket).CreateAsync("key-1", new byte[] { 1 }, BusHeaders.None, Stop)).ShouldBe(new PutOutcome.Stored(last + 1), "revisions go on where they were");
    }

    [Theory]
    [ClassData(typeof(NatsVersions))]
    public async Task PurgedMarkers_OfABucketOnThreeServers_AreGoneFromEach(string version)
    {
        await using var cluster = await NatsTrio.StartAsync(version);
        await using var bus = await Buses.ConnectAsync(cluster.Servers[0]);
        await UntilAsync(
            () => Buses.Admin(bus).EnsureBucketAsync(new BucketSettings { Name = Bucket, Replicas = 3 }, Stop), made => made is EnsureBucketOutcome.Created or EnsureBucketOutcome.Verified, "the bucket is there");
        await DeleteAsync(bus, 10);
        await UntilAsync(() => SubjectsAsync(cluster.Servers[0]), subjects => subjects?.Length == 10, "there are as many markers");

        // An answer may be late: what it would have counted is gone all the same, and the next sweep counts less.
        await UntilAsync(() => SweepAsync(bus), outcome => outcome is PurgeMarkersOutcome.Purged, "they are swept");
        (await UntilAsync(() => SubjectsAsync(cluster.Servers[0]), subjects => subjects is not null, "the stream tells what it holds"))!.ShouldBeEmpty();
        await PutAsync(bus, "key-1", 1);

        // Another one leads, and shows what it holds.
        var leader = await UntilAsync(() => LeaderAsync(cluster.Servers[0]), number => number >= 0, "one leads");
        await cluster.Servers[leader].KillAsync();
        var other = cluster.Servers[(leader + 1) % 3];
        await UntilAsync(() => LeaderAsync(other), number => number >= 0 && number != leader, "another one leads");
        (await UntilAsync(() => SubjectsAsync(other), subjects => subjects is not null, "the stream tells what it holds")).ShouldBe(["$KV.things.key-1"]);
    }

    /// <summary>Asks until the answer is as it should be.</summary>
    private static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> holds, string what)
    {
        T answer = default!;
        await Eventually.HoldsAsync(async () => holds(answer = await ask()), what, limit: null, () => $"{(answer is string[] many ? string.Join(' ', many) : answer)}");
        return answer;
    }

    private static async Task DeleteAsync(NatsBus bus, int count)
    {
        for (var number = 1; number <= count; number++)
        {
            await PutAsync(bus, $"key-{number}", number);
            await UntilAsync(() => bus.Bucket(Bucket).RemoveAsync($"key-{number}", Stop), outcome => outcome is PutOutcome.Stored, $"key-{number} is removed");
        }
    }

    /// <summary>Until it is there: one that was not acknowledged may have been stored, and then is a conflict.</summary>
    private static Task<PutOutcome> PutAsync(NatsBus bus, string key, int number) => UntilAsync(
        () => bus.Bucket(Bucket).CreateAsync(key, Encoding.UTF8.GetBytes($"{number}"), BusHeaders.None, Stop), outcome => outcome is PutOutcome.Stored or PutOutcome.Conflict, $"{key} is stored");

    private static async Task<PurgeMarkersOutcome> SweepAsync(NatsBus bus) =>
        await Buses.Admin(bus).PurgeMarkersAsync(Bucket, await bus.Bucket(Bucket).MarkersAsync(Stop).ToListAsync(Stop), Stop);

    /// <summary>Null where nobody tells.</summary>
    private static async Task<string[]?> SubjectsAsync(NatsServer server) => await InfoAsync(server) is { } info ? [.. info.State.Subjects?.Keys ?? []] : null;

    private static async Task<int> LeaderAsync(NatsServer server) =>
        (await InfoAsync(server))?.Cluster?.Leader is { Length: > 0 } name ? int.Parse(name[^1..], CultureInfo.InvariantCulture) : -1;

    private static async Task<StreamInfo?> InfoAsync(NatsServer server)
    {
        try
        {
            var library = await Buses.LibraryAsync(server);
            await using var connection = library.Connection;
            return (await library.GetStreamAsync("KV_" + Bucket, new StreamInfoRequest { SubjectsFilter = ">" }, Stop)).Info;
        }
        catch (Exception away) when (away is NATS.Client.Core.NatsException || (away is OperationCanceledException && !Stop.IsCancellationRequested))
        {
            return null; // No leader at present.
        }
    }
}
