using Harmony.Fleet.Adapters.Sqlite;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Sqlite;

/// <summary>A store whose operator is killed: its write-ahead log is copied as it is, and put back damaged.</summary>
public sealed class VersionMarkTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Database => folder.File("fleet.db");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task WholeStore_HasLostNothing()
    {
        await KilledAfterAsync("pi-1", "pi-2");
        await using var store = Open();
        store.Lost.ShouldBeNull();
        (await NamesAsync(store)).ShouldBe(["pi-1", "pi-2"]);
    }

    /// <summary>Of a log of several commits each end is cut off: whatever SQLite drops, it is known.</summary>
    [Fact]
    public async Task LogCutOff_AtAnyPage_IsKnown()
    {
        await KilledAfterAsync("pi-1", "pi-2", "pi-3", "pi-4");
        var (log, losses) = (await File.ReadAllBytesAsync(Database + "-wal", Stop), 0);
        var kept = Copy();
        for (var length = log.Length - 1; length > 0; length -= 4096 * 3)
        {
            PutBack(kept);
            await File.WriteAllBytesAsync(Database + "-wal", log[..length], Stop);
            await using var store = Open();
            var names = await NamesAsync(store);
            (store.Lost is not null).ShouldBe(names.Length < 4, $"{length} of {log.Length} bytes are left, and {names.Length} resources");
            losses += names.Length < 4 ? 1 : 0;
        }

        losses.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task LogDamaged_IsKnown_UntilSomebodyTakesNotice_AndNoVersionOrTermIsGivenTwice()
    {
        var (version, term) = await KilledAfterAsync("pi-1", "pi-2");
        var log = await File.ReadAllBytesAsync(Database + "-wal", Stop);
        log[40] ^= 1;
        await File.WriteAllBytesAsync(Database + "-wal", log, Stop);

        for (var starts = 0; starts < 2; starts++)
        {
            await using var store = Open();
            store.Lost.ShouldNotBeNull().Until.ShouldBe(version);
        }

        await using (var store = Open())
        {
            (await CreateAsync(store, "pi-3")).ShouldBeGreaterThan(version);
            (await store.BeginTermAsync(Stop)).ShouldBeGreaterThan(term);
            var watched = await store.WatchAsync(ResourceTypes.Devices, new WatchOptions { ResourceVersion = $"{version}" }, Stop).FirstAsync(Stop);
            watched.ShouldBeOfType<WatchEvent<Device>.Gone>("whoever watched from then on lists again");
            (await store.AcknowledgeLostAsync(Stop)).ShouldBeNull();
            store.Lost.ShouldBeNull();
        }

        await using (var store = Open())
        {
            store.Lost.ShouldBeNull();
        }
    }

    [Fact]
    public async Task FileRemovedOrOlder_IsKnown()
    {
        var older = folder.File("older.db");
        await using (var store = Open())
        {
            await CreateAsync(store, "pi-1");
            (await store.CopyAsync(older, Stop)).ShouldBeNull();
            await CreateAsync(store, "pi-2");
        }

        File.Copy(older, Database, overwrite: true);
        await using (var store = Open())
        {
            store.Lost.ShouldNotBeNull().ShouldSatisfyAllConditions(lost => lost.From.ShouldBe(1), lost => lost.Until.ShouldBe(2));
            (await store.AcknowledgeLostAsync(Stop)).ShouldBeNull();
        }

        File.Delete(Database);
        await using (var store = Open())
        {
            store.Lost.ShouldNotBeNull().From.ShouldBe(0);
        }
    }

    /// <summary>The power went while the mark was written: the one before it counts, which is not ahead.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    public async Task MarkHalfWritten_SaysNothingWrong(int place)
    {
        await KilledAfterAsync("pi-1", "pi-2", "pi-3");
        var mark = await File.ReadAllBytesAsync(Database + ".mark", Stop);
        mark[place + 12] ^= 0xFF;
        await File.WriteAllBytesAsync(Database + ".mark", mark, Stop);
        await using var store = Open();
        store.Lost.ShouldBeNull();
    }

    /// <summary>A mark that says nothing any more is not taken for one of a new store, also where the end of the log is gone with it.</summary>
    [Theory]
    [InlineData("removed")]
    [InlineData("empty")]
    [InlineData("random")]
    [InlineData("zero")]
    public async Task MarkLost_IsTold_UntilSomebodyTakesNotice_AndNoVersionIsGivenTwice(string how)
    {
        var (version, term) = await KilledAfterAsync("pi-1", "pi-2");
        LoseMark(how);
        var log = await File.ReadAllBytesAsync(Database + "-wal", Stop);
        log[40] ^= 1;
        await File.WriteAllBytesAsync(Database + "-wal", log, Stop);

        for (var starts = 0; starts < 2; starts++)
        {
            await using var store = Open();
            store.Lost.ShouldNotBeNull().IsCertain.ShouldBeFalse();
        }

        await using (var store = Open())
        {
            (await CreateAsync(store, "pi-3")).ShouldBeGreaterThan(version);
            (await store.BeginTermAsync(Stop)).ShouldBeGreaterThan(term);
            (await store.AcknowledgeLostAsync(Stop)).ShouldBeNull();
        }

        await using (var store = Open())
        {
            store.Lost.ShouldBeNull();
        }
    }

    /// <summary>A store of before marks.</summary>
    [Fact]
    public async Task MarkThatNeverWas_IsNotMissed()
    {
        await using (var store = StoreFactory.Open(StoreFactory.At(Database) with { IsMarked = false }))
        {
            await CreateAsync(store, "pi-1");
        }

        for (var starts = 0; starts < 2; starts++)
        {
            await using var store = Open();
            store.Lost.ShouldBeNull();
        }
    }

    [Fact]
    public async Task CopyOfAStore_HasNoMark_AndMissesNone()
    {
        await using (var store = Open())
        {
            await CreateAsync(store, "pi-1");
            (await store.CopyAsync(folder.File("copy.db"), Stop)).ShouldBeNull();
        }

        await using var copy = StoreFactory.Open(StoreFactory.At(folder.File("copy.db")));
        copy.Lost.ShouldBeNull();
    }

    [Fact]
    public async Task MarkRemovedWhileTheStoreIsOpen_IsMadeAgain()
    {
        await using (var store = Open())
        {
            await CreateAsync(store, "pi-1");
            File.Delete(Database + ".mark");
            await store.ProbeAsync(Stop);
            store.WriteProblem.ShouldBeNull();
        }

        await using (var store = Open())
        {
            store.Lost.ShouldBeNull();
        }
    }

    /// <summary>Nothing but a term was begun after it was copied.</summary>
    [Fact]
    public async Task FileOfAnOlderTerm_IsKnown_ThoughItsVersionIsTheSame()
    {
        await using (var store = Open())
        {
            await CreateAsync(store, "pi-1");
            (await store.CopyAsync(folder.File("older.db"), Stop)).ShouldBeNull();
            await store.BeginTermAsync(Stop);
        }

        File.Copy(folder.File("older.db"), Database, overwrite: true);
        await using var again = Open();
        again.Lost.ShouldNotBeNull().ShouldSatisfyAllConditions(lost => lost.From.ShouldBe(1), lost => lost.Until.ShouldBe(1), lost => lost.IsCertain.ShouldBeTrue());
    }

    private void LoseMark(string how)
    {
        File.Delete(Database + ".mark");
        if (how != "removed")
        {
            var bytes = new byte[how == "empty" ? 0 : 8192];
            if (how == "random")
            {
                new Random(1).NextBytes(bytes);
            }

            File.WriteAllBytes(Database + ".mark", bytes);
        }
    }

    private SqliteStore Open() => StoreFactory.Open(StoreFactory.At(Database));

    private async Task<(long Version, long Term)> KilledAfterAsync(params string[] names)
    {
        var (version, term, kept) = (0L, 0L, (Dictionary<string, byte[]>?)null);
        await using (var store = Open())
        {
            term = await store.BeginTermAsync(Stop);
            foreach (var name in names)
            {
                version = await CreateAsync(store, name);
            }

            kept = Copy();
        }

        PutBack(kept);
        return (version, term);
    }

    private Dictionary<string, byte[]> Copy() => ((string[])["", "-wal", ".mark"]).ToDictionary(suffix => Database + suffix, suffix => File.ReadAllBytes(Database + suffix));

    private void PutBack(Dictionary<string, byte[]> kept)
    {
        File.Delete(Database + "-shm");
        foreach (var (path, bytes) in kept)
        {
            File.WriteAllBytes(path, bytes);
        }
    }

    private static async Task<long> CreateAsync(SqliteStore store, string name) => long.Parse(
        (await store.CreateAsync(ResourceTypes.Devices, new Device { Metadata = new() { Name = name } }, Stop)).ShouldBeOfType<StoreOutcome<Device>.Ok>().Resource.Metadata.ResourceVersion!,
        System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<string[]> NamesAsync(SqliteStore store) =>
        [.. (await store.ListAsync(ResourceTypes.Devices, new(), Stop)).ShouldBeOfType<ListOutcome<Device>.Ok>().List.Items.Select(device => device.Metadata.Name)];
}
