using Harmony.Fleet.Adapters.Sqlite;
using Harmony.Fleet.Adapters.Sqlite.Opening;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Conformance;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Fleet.Tests.Adapters.Sqlite;

/// <summary>A store of schema 2 with changes in its log, opened by this program.</summary>
public sealed class SecondSchemaTests : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private ResourceList<Device> first = null!;
    private LostResource removed = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Path => folder.File("fleet.db");

    /// <summary>Of three devices the first page of a list shows one; then another is removed, and one more comes.</summary>
    public async ValueTask InitializeAsync()
    {
        await using var store = SqliteStore.Open(StoreFactory.At(Path), Migrations.All[..2], TimeProvider.System, Guid.NewGuid, NullLogger<SqliteStore>.Instance).ShouldBeOfType<OpenOutcome.Opened>().Store;
        foreach (var name in (string[])["pi-1", "pi-2", "pi-3"])
        {
            await CreateAsync(store, name);
        }

        first = await ListAsync(store, new ListOptions { Limit = 1 });
        var gone = (await store.DeleteAsync(ResourceTypes.Devices, new(null, "pi-2"), DeletePreconditions.None, Stop)).ShouldBeOfType<StoreOutcome<Device>.Ok>().Resource;
        removed = new(ResourceKey.Of(gone.Metadata), gone.Metadata.Uid!);
        await CreateAsync(store, "pi-4");
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return default;
    }

    [Fact]
    public async Task Store_IsAsItWas_AndItsLogGoesOn()
    {
        var events = Number("SELECT COUNT(*) FROM events");
        events.ShouldBe(5);
        await using var store = StoreFactory.Open(StoreFactory.At(Path));

        (await ListAsync(store, ListOptions.All)).Items.Select(device => device.Metadata.Name).ShouldBe(["pi-1", "pi-3", "pi-4"]);
        (await ListAsync(store, new ListOptions { Limit = 10, Continue = first.Metadata.Continue })).Items.Select(device => device.Metadata.Name)
            .ShouldBe(["pi-2", "pi-3"], "the next page shows the store as the first one found it");
        await using var watch = new WatchProbe<Device>(store.WatchAsync(ResourceTypes.Devices, new WatchOptions { ResourceVersion = first.Metadata.ResourceVersion }, Stop));
        (await watch.NextAsync<WatchEvent<Device>.Deleted>()).Resource.Metadata.Name.ShouldBe("pi-2");
        (await watch.NextAsync<WatchEvent<Device>.Added>()).Resource.Metadata.Name.ShouldBe("pi-4");
        (await store.FindRemovedAsync(ResourceTypes.Devices, [removed], Stop)).ShouldBeOfType<RemovedOutcome.Known>().Removed.ShouldHaveSingleItem().Uid.ShouldBe(removed.Uid);
        Number("SELECT COUNT(*) FROM events").ShouldBe(events, "none was dropped");
        Number("SELECT MAX(version) FROM migrations").ShouldBe(Migrations.All[^1].Version);
    }

    /// <summary>All real steps were taken, and none is committed.</summary>
    [Fact]
    public async Task Migration_ThatIsKilledBeforeItsEnd_LeavesTheOldStore()
    {
        var copy = folder.File("copy.db");
        using (var killed = DatabaseFile.Connect(Path))
        {
            SchemaGuard.Execute(killed, "PRAGMA cache_size = 1; PRAGMA cache_spill = 1");
            Should.Throw<SqliteException>(() => SchemaGuard.Migrate(killed, Migrations.All.Add(new Migration(Migrations.All[^1].Version + 1, "killed here", "SELECT * FROM nothing")), TimeProvider.System.GetUtcNow()));
            File.Copy(Path, copy);
            File.Copy(Path + "-wal", copy + "-wal");
        }

        using (var left = DatabaseFile.ConnectForReading(copy))
        {
            SchemaGuard.Number(left, "SELECT MAX(version) FROM migrations").ShouldBe(2);
            SchemaGuard.Number(left, "SELECT COUNT(*) FROM sqlite_schema WHERE name = 'events_removals'").ShouldBe(0);
        }

        await using var store = StoreFactory.Open(StoreFactory.At(copy));
        (await ListAsync(store, ListOptions.All)).Items.Length.ShouldBe(3);
    }

    private static async Task CreateAsync(SqliteStore store, string name) =>
        (await store.CreateAsync(ResourceTypes.Devices, new Device { Metadata = new() { Name = name } }, Stop)).ShouldBeOfType<StoreOutcome<Device>.Ok>();

    private static async Task<ResourceList<Device>> ListAsync(SqliteStore store, ListOptions options) =>
        (await store.ListAsync(ResourceTypes.Devices, options, Stop)).ShouldBeOfType<ListOutcome<Device>.Ok>().List;

    private long Number(string sql)
    {
        using var connection = DatabaseFile.ConnectForReading(Path);
        return SchemaGuard.Number(connection, sql);
    }
}
