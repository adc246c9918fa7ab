using Harmony.Fleet.Adapters.Sqlite;
using Harmony.Fleet.Adapters.Sqlite.Opening;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Fleet.Tests.Adapters.Sqlite;

/// <summary>How long and how many removals are remembered.</summary>
public sealed class TombstoneTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 27, 0, 0, 0, TimeSpan.Zero));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private SqliteStoreOptions Options => StoreFactory.At(folder.File("fleet.db"));

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Removed_AfterTheStoreWasOpenedAgain_AreKnown()
    {
        LostResource removed;
        await using (var store = StoreFactory.Open(Options, clock))
        {
            removed = await RemoveAsync(store, "pi-1");
        }

        await using var again = StoreFactory.Open(Options, clock);

        (await KnownAsync(again, removed)).Removed.ShouldHaveSingleItem().At.ShouldBe(clock.GetUtcNow());
    }

    [Fact]
    public async Task Removed_LongerAgoThanTheirAge_AreForgottenAndThatIsSaid()
    {
        await using var store = StoreFactory.Open(Options, clock);
        var first = await RemoveAsync(store, "pi-1");
        var removedAt = clock.GetUtcNow();
        clock.Advance(TimeSpan.FromDays(60));
        var second = await RemoveAsync(store, "pi-2");
        (await KnownAsync(store, first, second)).Removed.Length.ShouldBe(2);

        clock.Advance(TimeSpan.FromDays(31));
        await RemoveAsync(store, "pi-3");

        var known = await KnownAsync(store, first, second);
        known.Removed.ShouldHaveSingleItem().Uid.ShouldBe(second.Uid);
        known.Since.ShouldBe(removedAt.AddMilliseconds(1));
    }

    /// <summary>Before a time server puts it right, or by a virtual machine that was resumed.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Removed_BeforeTheClockWasAheadForAMoment_AreKnown(bool isOpenedMeanwhile)
    {
        var ahead = new ClockAhead();
        LostResource removed;
        var store = StoreFactory.Open(Options, ahead);
        try
        {
            removed = await RemoveAsync(store, "pi-1");
            ahead.Ahead = TimeSpan.FromDays(3653);
            for (var times = 0; times < 3; times++)
            {
                if (isOpenedMeanwhile)
                {
                    await store.DisposeAsync();
                    store = StoreFactory.Open(Options, ahead);
                }

                ahead.Advance(TimeSpan.FromMinutes(11));
                await RemoveAsync(store, $"pi-ahead-{times}");
            }

            ahead.Ahead = TimeSpan.Zero;
            await RemoveAsync(store, "pi-2");
            var known = await KnownAsync(store, removed);
            known.Removed.ShouldHaveSingleItem().Uid.ShouldBe(removed.Uid);
            known.Since.ShouldBeNull("all removals are known");
        }
        finally
        {
            await store.DisposeAsync();
        }
    }

    /// <summary>Age counts on from one opening to the next.</summary>
    [Fact]
    public async Task Removed_LongerAgoThanTheirAge_InSeveralOpenings_AreForgotten()
    {
        LostResource removed;
        await using (var store = StoreFactory.Open(Options, clock))
        {
            removed = await RemoveAsync(store, "pi-1");
            clock.Advance(TimeSpan.FromDays(60));
            await RemoveAsync(store, "pi-2");
        }

        await using var again = StoreFactory.Open(Options, clock);
        await RemoveAsync(again, "pi-3");
        (await KnownAsync(again, removed)).Removed.ShouldHaveSingleItem();
        clock.Advance(TimeSpan.FromDays(31));
        await RemoveAsync(again, "pi-4");
        (await KnownAsync(again, removed)).Removed.ShouldBeEmpty();
    }

    [Fact]
    public async Task Removed_BeyondTheirCount_AreForgottenOldestFirst()
    {
        await using var store = StoreFactory.Open(Options with { MaxTombstones = 10 }, clock);
        var gone = new List<LostResource>();
        for (var i = 0; i < 14; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            gone.Add(await RemoveAsync(store, $"pi-{i}"));
        }

        var known = await KnownAsync(store, [.. gone]);

        known.Removed.Select(removed => removed.Uid).ShouldBe(gone[^10..].Select(one => one.Uid));
        known.Since.ShouldNotBeNull();
    }

    [Fact]
    public async Task Removed_OfAnEarlierLife_CountToo()
    {
        var gone = new List<LostResource>();
        await using (var store = StoreFactory.Open(Options, clock))
        {
            for (var i = 0; i < 20; i++)
            {
                gone.Add(await RemoveAsync(store, $"pi-{i}"));
            }
        }

        await using var again = StoreFactory.Open(Options with { MaxTombstones = 10 }, clock);
        gone.Add(await RemoveAsync(again, "pi-20"));

        (await KnownAsync(again, [.. gone])).Removed.Select(removed => removed.Uid).ShouldBe(gone[^10..].Select(one => one.Uid));
    }

    [Fact]
    public async Task Removed_ThatCouldNotBeRead_IsKnownByTheUidBesideIt()
    {
        await using var store = StoreFactory.Open(Options, clock);
        var made = (await store.CreateAsync(ResourceTypes.Devices, new Device { Metadata = new() { Name = "pi-1" } }, Stop)).ShouldBeOfType<StoreOutcome<Device>.Ok>().Resource;
        using (var other = DatabaseFile.Connect(Options.Path))
        {
            SchemaGuard.Execute(other, "UPDATE parts SET body = x'7b'");
        }

        (await store.DeleteAsync(ResourceTypes.Devices, new(null, "pi-1"), DeletePreconditions.None, Stop)).ShouldBeOfType<StoreOutcome<Device>.Ok>();

        (await KnownAsync(store, new LostResource(new(null, "pi-1"), made.Metadata.Uid!))).Removed.ShouldHaveSingleItem().Key.Name.ShouldBe("pi-1");
    }

    [Fact]
    public async Task Removed_OfAClosedStore_IsUnavailable()
    {
        var store = StoreFactory.Open(Options, clock);
        await store.DisposeAsync();

        (await store.FindRemovedAsync(ResourceTypes.Devices, [new(new(null, "pi-1"), "u")], Stop)).ShouldBeOfType<RemovedOutcome.Unavailable>();
    }

    /// <summary>Its time can be ahead; what passes of it is what passes.</summary>
    private sealed class ClockAhead : FakeTimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;

        public override long GetTimestamp() => base.GetUtcNow().Ticks;
    }

    private static async Task<LostResource> RemoveAsync(SqliteStore store, string name)
    {
        var made = (await store.CreateAsync(ResourceTypes.Devices, new Device { Metadata = new() { Name = name } }, Stop)).ShouldBeOfType<StoreOutcome<Device>.Ok>().Resource;
        (await store.DeleteAsync(ResourceTypes.Devices, new(null, name), DeletePreconditions.None, Stop)).ShouldBeOfType<StoreOutcome<Device>.Ok>();
        return new(ResourceKey.Of(made.Metadata), made.Metadata.Uid!);
    }

    private static async Task<RemovedOutcome.Known> KnownAsync(SqliteStore store, params LostResource[] asked) =>
        (await store.FindRemovedAsync(ResourceTypes.Devices, [.. asked], Stop)).ShouldBeOfType<RemovedOutcome.Known>();
}
