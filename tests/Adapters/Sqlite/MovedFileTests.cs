using Harmony.Fleet.Adapters.Sqlite;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Sqlite;

/// <summary>The store's files are removed or replaced while it is open: what it acknowledges, the next one must find.</summary>
public sealed class MovedFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Database => folder.File("fleet.db");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Removed_NoWriteIsAcknowledged_AndTheProbeSaysSo()
    {
        await using var store = StoreFactory.Open(StoreFactory.At(Database));
        await CreateAsync(store, "pi-1");
        Remove("", "-wal", "-shm");

        await store.ProbeAsync(Stop);
        store.WriteProblem.ShouldNotBeNull().ShouldContain($"The database {Database} was removed or replaced");
        (await RefusedAsync(store, "pi-2")).ShouldBe(store.WriteProblem);
        await Should.ThrowAsync<IOException>(() => store.BeginTermAsync(Stop));
        File.Exists(Database).ShouldBeFalse("nobody makes another one");
    }

    [Theory]
    [InlineData("-wal")]
    [InlineData("")]
    public async Task OneFileRemoved_NoWriteIsAcknowledged(string suffix)
    {
        await using var store = StoreFactory.Open(StoreFactory.At(Database));
        await CreateAsync(store, "pi-1");
        Remove(suffix);
        (await RefusedAsync(store, "pi-2")).ShouldContain(Database + suffix + " was removed or replaced");
    }

    [Fact]
    public async Task ReplacedByAnOlderCopy_NoWriteIsAcknowledged_AndNobodyReadsTheCopy()
    {
        await using var store = StoreFactory.Open(StoreFactory.At(Database));
        (await store.CopyAsync(folder.File("older.db"), Stop)).ShouldBeNull();
        await CreateAsync(store, "pi-1");
        Remove("", "-wal", "-shm");
        File.Copy(folder.File("older.db"), Database);

        await RefusedAsync(store, "pi-2");
        var reads = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => store.ListAsync(ResourceTypes.Devices, new(), Stop), Stop)));
        foreach (var read in reads)
        {
            if (read is ListOutcome<Device>.Ok { List: var list })
            {
                list.Items.ShouldHaveSingleItem();
            }
            else
            {
                read.ShouldBeOfType<ListOutcome<Device>.Unavailable>().Reason.ShouldContain("was removed or replaced");
            }
        }

        File.Exists(Database + "-wal").ShouldBeFalse("nobody opened the copy");
    }

    [Fact]
    public async Task MovedAwayAndBack_GoesOn()
    {
        await using var store = StoreFactory.Open(StoreFactory.At(Database));
        await CreateAsync(store, "pi-1");
        File.Move(Database, folder.File("away.db"));
        await RefusedAsync(store, "pi-2");
        File.Move(folder.File("away.db"), Database);

        await store.ProbeAsync(Stop);
        store.WriteProblem.ShouldBeNull();
        await CreateAsync(store, "pi-2");
    }

    /// <summary>What was acknowledged is not lost as long as the store is open.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Copy_OfWhatWasRemovedOrReplaced_HoldsAllThatWasAcknowledged(bool isReplaced)
    {
        var saved = folder.File("saved.db");
        await using (var store = StoreFactory.Open(StoreFactory.At(Database)))
        {
            (await store.CopyAsync(folder.File("older.db"), Stop)).ShouldBeNull();
            await CreateAsync(store, "pi-1");
            Remove("", "-wal", "-shm");
            if (isReplaced)
            {
                File.Copy(folder.File("older.db"), Database);
            }

            (await store.CopyAsync(saved, Stop)).ShouldBeNull();
            File.Exists(Database).ShouldBe(isReplaced, "a copy makes no store");
        }

        await using var copy = StoreFactory.Open(StoreFactory.At(saved));
        (await copy.ListAsync(ResourceTypes.Devices, new(), Stop)).ShouldBeOfType<ListOutcome<Device>.Ok>().List.Items.ShouldHaveSingleItem();
    }

    /// <summary>A host disposes of what it made, and so does who opened it.</summary>
    [Fact]
    public async Task Store_IsDisposedOfTwice_AndIsReadWholeAfterwards()
    {
        var store = StoreFactory.Open(StoreFactory.At(Database));
        await CreateAsync(store, "pi-1");
        await store.DisposeAsync();
        await store.DisposeAsync();

        await using var next = StoreFactory.Open(StoreFactory.At(Database));
        (await next.ListAsync(ResourceTypes.Devices, new(), Stop)).ShouldBeOfType<ListOutcome<Device>.Ok>().List.Items.ShouldHaveSingleItem();
    }

    private void Remove(params ReadOnlySpan<string> suffixes)
    {
        foreach (var suffix in suffixes)
        {
            File.Delete(Database + suffix);
        }
    }

    private static async Task CreateAsync(SqliteStore store, string name) =>
        (await store.CreateAsync(ResourceTypes.Devices, new Device { Metadata = new() { Name = name } }, Stop)).ShouldBeOfType<StoreOutcome<Device>.Ok>();

    private static async Task<string> RefusedAsync(SqliteStore store, string name) =>
        (await store.CreateAsync(ResourceTypes.Devices, new Device { Metadata = new() { Name = name } }, Stop)).ShouldBeOfType<StoreOutcome<Device>.Unavailable>().Reason;
}
