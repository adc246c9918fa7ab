using System.Globalization;
using Harmony.Fleet.Adapters.Sqlite;
using Harmony.Fleet.Adapters.Sqlite.Opening;
using Harmony.Fleet.Adapters.Sqlite.Writing;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Conformance;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Fleet.Tests.Adapters.Sqlite;

public sealed class RetentionTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private SqliteStoreOptions Options => StoreFactory.At(folder.File("fleet.db"));

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Events_BeyondTheirCount_AreForgotten()
    {
        await using var store = StoreFactory.Open(Options with { MaxEvents = 100 });
        await WriteAsync(store, 101);

        (await SeesAsync(store, 0)).ShouldBeFalse();
        (await SeesAsync(store, 11)).ShouldBeTrue();
        (await SeesAsync(store, 101)).ShouldBeTrue();
    }

    [Fact]
    public async Task Events_WithinTheirCount_AreKept()
    {
        await using var store = StoreFactory.Open(Options with { MaxEvents = 100 });
        await WriteAsync(store, 100);

        (await SeesAsync(store, 0)).ShouldBeTrue();
    }

    [Fact]
    public async Task Events_BeyondTheirBytes_AreForgotten()
    {
        await using var store = StoreFactory.Open(Options with { MaxEventBytes = 200_000 });
        await WriteAsync(store, 60, bytes: 10_000);

        (await SeesAsync(store, 0)).ShouldBeFalse();
        (await SeesAsync(store, 50)).ShouldBeTrue();
    }

    [Fact]
    public async Task Events_BeyondTheirBytesInAnEarlierLife_AreForgotten()
    {
        await using (var store = StoreFactory.Open(Options))
        {
            await WriteAsync(store, 60, bytes: 10_000);
        }

        await using var again = StoreFactory.Open(Options with { MaxEventBytes = 200_000 });
        await WriteAsync(again, 1, first: 60);

        (await SeesAsync(again, 0)).ShouldBeFalse();
        (await SeesAsync(again, 60)).ShouldBeTrue();
    }

    [Fact]
    public async Task Bytes_OfAnUndoneTransaction_DoNotCount()
    {
        await using (var store = StoreFactory.Open(Options))
        {
            await WriteAsync(store, 5);
        }

        using var connection = DatabaseFile.Connect(Options.Path);
        var retention = new EventRetention(connection, maxEvents: 100, maxBytes: 100_000, TimeSpan.FromHours(1));
        retention.Added(1_000_000);
        retention.Undo();
        retention.Trim(connection, version: 5, TimeProvider.System.GetUtcNow());

        SchemaGuard.Number(connection, "SELECT COUNT(*) FROM events").ShouldBe(5);
    }

    [Fact]
    public async Task Events_OlderThanTheirAge_AreForgottenWithTheNextWrite()
    {
        await using var store = StoreFactory.Open(Options with { MaxEventAge = TimeSpan.FromHours(1) }, clock);
        await WriteAsync(store, 10);
        clock.Advance(TimeSpan.FromMinutes(40));
        await WriteAsync(store, 10, first: 10);
        (await SeesAsync(store, 0)).ShouldBeTrue();

        clock.Advance(TimeSpan.FromMinutes(30));
        await WriteAsync(store, 1, first: 20);

        (await SeesAsync(store, 9)).ShouldBeFalse();
        (await SeesAsync(store, 10)).ShouldBeTrue();
    }

    [Fact]
    public async Task Events_WhenTheClockStepsBack_AreKept()
    {
        await using var store = StoreFactory.Open(Options, clock);
        await WriteAsync(store, 10);
        clock.AdjustTime(clock.GetUtcNow().AddDays(-3650));
        await WriteAsync(store, 10, first: 10);

        (await SeesAsync(store, 0)).ShouldBeTrue();
    }

    [Fact]
    public async Task Watch_WhoseReaderIsSlow_IsGoneAndHoldsNothing()
    {
        await using var store = StoreFactory.Open(Options with { MaxEvents = 300 });
        await using var slow = new WatchProbe<Device>(store.WatchAsync(ResourceTypes.Devices, new WatchOptions { ResourceVersion = "0" }, Stop));
        await WriteAsync(store, 1);
        await slow.NextAsync<WatchEvent<Device>.Added>();

        await WriteAsync(store, 1_000, first: 1);

        // What it had read already still comes; then it learns that it missed something.
        await slow.NextAsync<WatchEvent<Device>.Gone>();
        await slow.ShouldEndAsync();
    }

    [Fact]
    public async Task Watch_FromAVersionOfTheFuture_IsGone()
    {
        await using var store = StoreFactory.Open(Options);
        await using var watch = new WatchProbe<Device>(store.WatchAsync(ResourceTypes.Devices, new WatchOptions { ResourceVersion = "999" }, Stop));

        await watch.NextAsync<WatchEvent<Device>.Gone>();
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999999")]
    public async Task Watch_FromNoVersion_IsGone(string version)
    {
        await using var store = StoreFactory.Open(Options);
        await using var watch = new WatchProbe<Device>(store.WatchAsync(ResourceTypes.Devices, new WatchOptions { ResourceVersion = version }, Stop));

        (await watch.NextAsync<WatchEvent<Device>.Gone>()).Reason.ShouldContain("resourceVersion");
    }

    [Fact]
    public async Task Watch_OfAnOldVersionAfterReopening_SeesAllOfALongLog()
    {
        await using (var store = StoreFactory.Open(Options))
        {
            await WriteAsync(store, 1_000);
        }

        await using var again = StoreFactory.Open(Options);
        await using var watch = new WatchProbe<Device>(again.WatchAsync(ResourceTypes.Devices, new WatchOptions { ResourceVersion = "0" }, Stop));
        for (var i = 1; i <= 1_000; i++)
        {
            (await watch.NextAsync<WatchEvent<Device>.Added>()).Resource.Metadata.ResourceVersion.ShouldBe(i.ToString(CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public async Task Watch_ThatSeesNothingOfItsOwn_IsGivenABookmark()
    {
        await using var store = StoreFactory.Open(Options with { BookmarkInterval = TimeSpan.FromMilliseconds(20) });
        await using var watch = new WatchProbe<Deployment>(store.WatchAsync(ResourceTypes.Deployments, new WatchOptions { ResourceVersion = "0" }, Stop));
        await WriteAsync(store, 5);

        var told = 0L;
        while (told < 5)
        {
            var bookmark = await watch.NextAsync<WatchEvent<Deployment>.Bookmark>();
            var version = long.Parse(bookmark.ResourceVersion, CultureInfo.InvariantCulture);
            version.ShouldBeGreaterThan(told);
            told = version;
        }
    }

    [Fact]
    public async Task Watch_WhenTheStoreCloses_Ends()
    {
        var store = StoreFactory.Open(Options);
        await using var watch = new WatchProbe<Device>(store.WatchAsync(ResourceTypes.Devices, new WatchOptions(), Stop));
        var next = watch.NextAsync<WatchEvent<Device>.Gone>();

        await store.DisposeAsync();

        (await next).Reason.ShouldContain("closed");
    }

    /// <summary>Whether a watch may begin at a version.</summary>
    private static async Task<bool> SeesAsync(SqliteStore store, long version)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        await using var events = store.WatchAsync(
            ResourceTypes.Devices, new WatchOptions { ResourceVersion = version.ToString(CultureInfo.InvariantCulture) }, stop.Token).GetAsyncEnumerator(Stop);
        var first = events.MoveNextAsync();
        if (!first.IsCompleted)
        {
            // It waits for more: then it missed nothing.
            await stop.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => first.AsTask());
            return true;
        }

        return await first && events.Current is not WatchEvent<Device>.Gone;
    }

    private static async Task WriteAsync(SqliteStore store, int count, int first = 0, int bytes = 10)
    {
        for (var i = first; i < first + count; i++)
        {
            var device = new Device { Metadata = new ObjectMeta { Name = $"pi-{i}", Annotations = Annotation(bytes) } };
            (await store.CreateAsync(ResourceTypes.Devices, device, Stop)).ShouldBeOfType<StoreOutcome<Device>.Ok>();
        }
    }

    private static System.Collections.Immutable.ImmutableSortedDictionary<string, string> Annotation(int bytes) =>
        System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("a", new string('x', bytes));
}
