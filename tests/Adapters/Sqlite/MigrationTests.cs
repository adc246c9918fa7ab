using System.Text.Json;
using Harmony.Fleet.Adapters.Sqlite;
using Harmony.Fleet.Adapters.Sqlite.Native;
using Harmony.Fleet.Adapters.Sqlite.Opening;
using Harmony.Fleet.Adapters.Sqlite.Reading;
using Harmony.Fleet.Adapters.Sqlite.Writing;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Conformance;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Data.Sqlite;

namespace Harmony.Fleet.Tests.Adapters.Sqlite;

/// <summary>A store that the program of schema 1 made, opened by this one.</summary>
public sealed class MigrationTests : IDisposable
{
    private readonly TempFolder folder = new();

    public MigrationTests()
    {
        SqliteLibrary.Problem().ShouldBeNull();
        using var made = DatabaseFile.Connect(Path);
        DatabaseFile.MakeDurable(made, 1L << 26, null);
        SchemaGuard.Execute(made, Schema1);
    }

    private static string Schema1
    {
        get
        {
            using var reader = new StreamReader(typeof(MigrationTests).Assembly.GetManifestResourceStream("schema1.sql")!);
            return reader.ReadToEnd();
        }
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Path => folder.File("fleet.db");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Resources_OfSchema1_AreAsTheyWere()
    {
        var before = Bodies();

        await using var store = StoreFactory.Open(StoreFactory.At(Path));

        var web = await GetAsync(store, "web");
        web.Metadata.ResourceVersion.ShouldBe("3");
        web.Metadata.Finalizers.ShouldBe([ApiGroup.ManifestFinalizer]);
        web.Metadata.Annotations["example.com/note"].ShouldBe("ünïcode, \"quoted\"\nand two lines");
        web.Status!.Aggregate.LastError!.Message.ShouldBe("no space left");
        (await GetAsync(store, "leaving")).Metadata.DeletionTimestamp.ShouldNotBeNull();
        var deployments = (await store.ListAsync(ResourceTypes.Deployments, ListOptions.All, Stop)).ShouldBeOfType<ListOutcome<Deployment>.Ok>();
        deployments.List.Metadata.ResourceVersion.ShouldBe("12");
        deployments.List.Items.Select(item => JsonSerializer.Serialize(item, ResourceTypes.Deployments.Json))
            .ShouldBe(before.Where(row => row.Kind == "Deployment" && row.Name is not "damaged" and not "newer").Select(row => row.Body).Append(Known("newer", deployments)), ignoreOrder: true);
        var device = (await store.GetAsync(ResourceTypes.Devices, new(null, "pi-1"), Stop)).ShouldBeOfType<StoreOutcome<Device>.Ok>().Resource;
        JsonSerializer.Serialize(device, ResourceTypes.Devices.Json).ShouldBe(before.Single(row => row.Kind == "Device").Body);
    }

    [Fact]
    public async Task Members_ThatSchema1DidNotKnow_AreKept()
    {
        await using var store = StoreFactory.Open(StoreFactory.At(Path));
        var newer = await GetAsync(store, "newer");

        var revision = ResourceRevision.Of(newer.Metadata);
        (await store.PatchStatusAsync(ResourceTypes.Deployments, revision, newer.Status! with { ObservedGeneration = 5 }, Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Ok>();

        using var other = DatabaseFile.ConnectForReading(Path);
        var raw = JsonDocument.Parse(Snapshot.Find(other, RowKey.Of("Deployment", new("plant", "newer")))!.Parts.Document("13")).RootElement;
        raw.GetProperty("future").GetInt32().ShouldBe(7);
        raw.GetProperty("spec").GetProperty("future").GetRawText().ShouldBe("""{"a":[1,null,2.5]}""");
        raw.GetProperty("spec").GetProperty("score").GetProperty("PodmanV0").GetProperty("containers")[0].GetProperty("future").GetBoolean().ShouldBeTrue();
        raw.GetProperty("metadata").GetProperty("ownerReferences")[0].GetProperty("uid").GetString().ShouldBe("o-1");
        raw.GetProperty("status").GetProperty("future").GetString().ShouldBe("s");
        raw.GetProperty("status").GetProperty("observedGeneration").GetInt64().ShouldBe(5);
    }

    [Fact]
    public async Task Row_ThatWasDamaged_IsToldAndCanBeDeleted()
    {
        await using var store = StoreFactory.Open(StoreFactory.At(Path));

        var list = (await store.ListAsync(ResourceTypes.Deployments, ListOptions.All, Stop)).ShouldBeOfType<ListOutcome<Deployment>.Ok>();
        list.Unreadable.ShouldHaveSingleItem().Key.ShouldBe(new ResourceKey("plant", "damaged"));
        using (var other = DatabaseFile.ConnectForReading(Path))
        {
            Snapshot.Find(other, RowKey.Of("Deployment", new("plant", "damaged")))!.Parts.Spec.Length.ShouldBe(100, "what was there is kept byte by byte");
        }

        (await store.DeleteAsync(ResourceTypes.Deployments, new("plant", "damaged"), DeletePreconditions.None, Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Ok>();
    }

    [Fact]
    public async Task Removals_InTheLogOfSchema1_AreTombstones()
    {
        await using var store = StoreFactory.Open(StoreFactory.At(Path));

        var known = (await store.FindRemovedAsync(
            ResourceTypes.Deployments,
            [
                new(new("plant", "removed"), "00000004-0000-0000-0000-000000000000"), new(new("plant", "removed"), "00000001-0000-0000-0000-000000000000"),
                new(new("plant", "other"), "00000004-0000-0000-0000-000000000000"),
            ],
            Stop)).ShouldBeOfType<RemovedOutcome.Known>();

        known.Removed.ShouldHaveSingleItem().Key.ShouldBe(new ResourceKey("plant", "removed"));
        known.Since.ShouldBeNull("the log still began with the first change");
    }

    [Fact]
    public async Task Removals_BeforeALogThatWasCut_AreNotKnown()
    {
        Sql("DELETE FROM events WHERE version <= 2; UPDATE counters SET value = 2 WHERE name = 'forgotten'");
        var began = Number("SELECT MIN(at) FROM events");

        await using var store = StoreFactory.Open(StoreFactory.At(Path));

        (await store.FindRemovedAsync(ResourceTypes.Deployments, [], Stop)).ShouldBeOfType<RemovedOutcome.Known>().Since.ShouldBe(DateTimeOffset.FromUnixTimeMilliseconds(began));
    }

    [Fact]
    public async Task Watch_OfAVersionOfSchema1_IsGoneAndOneOfTheListGoesOn()
    {
        await using var store = StoreFactory.Open(StoreFactory.At(Path));
        await using var old = new WatchProbe<Deployment>(store.WatchAsync(ResourceTypes.Deployments, new WatchOptions { ResourceVersion = "5" }, Stop));
        await old.NextAsync<WatchEvent<Deployment>.Gone>();
        await using var watch = new WatchProbe<Deployment>(store.WatchAsync(ResourceTypes.Deployments, new WatchOptions { ResourceVersion = "12" }, Stop));

        var bare = await GetAsync(store, "bare");
        (await store.PatchFinalizersAsync(ResourceTypes.Deployments, ResourceRevision.Of(bare.Metadata), ["a/b"], Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Ok>();

        (await watch.NextAsync<WatchEvent<Deployment>.Modified>()).Resource.Metadata.ResourceVersion.ShouldBe("13");
        (await store.BeginTermAsync(Stop)).ShouldBe(3);
    }

    [Fact]
    public async Task Migration_ThatIsKilledInItsMiddle_LeavesTheOldStoreWhole()
    {
        var before = Dump(Path);
        var copy = folder.File("copy.db");
        using (var killed = DatabaseFile.Connect(Path))
        {
            // A cache of nothing: what the transaction changes is in the log on disk while it is open. It stays open where a step fails.
            SchemaGuard.Execute(killed, "PRAGMA cache_size = 1; PRAGMA cache_spill = 1");
            var length = new FileInfo(Path + "-wal").Length;
            Should.Throw<SqliteException>(() => SchemaGuard.Migrate(killed, Migrations.All.Add(new Migration(Migrations.All[^1].Version + 1, "killed here", "SELECT * FROM nothing")), TimeProvider.System.GetUtcNow()));
            new FileInfo(Path + "-wal").Length.ShouldBeGreaterThan(length, "half of it is on disk");
            File.Copy(Path, copy);
            File.Copy(Path + "-wal", copy + "-wal");
        }

        Dump(copy).ShouldBe(before);
        await using var store = StoreFactory.Open(StoreFactory.At(copy));
        (await GetAsync(store, "web")).Metadata.ResourceVersion.ShouldBe("3");
    }

    [Fact]
    public async Task Migration_IsDoneOnce()
    {
        await StoreFactory.Open(StoreFactory.At(Path)).DisposeAsync();
        var first = Dump(Path);
        await StoreFactory.Open(StoreFactory.At(Path)).DisposeAsync();

        Dump(Path).ShouldBe(first);
        Number("SELECT COUNT(*) FROM migrations").ShouldBe(Migrations.All.Length);
    }

    private static async Task<Deployment> GetAsync(SqliteStore store, string name) =>
        (await store.GetAsync(ResourceTypes.Deployments, new("plant", name), Stop)).ShouldBeOfType<StoreOutcome<Deployment>.Ok>().Resource;

    private static string Known(string name, ListOutcome<Deployment>.Ok page) =>
        JsonSerializer.Serialize(page.List.Items.Single(item => item.Metadata.Name == name), ResourceTypes.Deployments.Json);

    private List<(string Kind, string Name, string Body)> Bodies()
    {
        using var connection = DatabaseFile.ConnectForReading(Path);
        using var select = new Statement(connection, "SELECT kind, name, CAST(body AS TEXT) FROM resources ORDER BY kind, namespace, name");
        using var row = select.Read();
        var bodies = new List<(string Kind, string Name, string Body)>();
        while (row.Read())
        {
            bodies.Add((row.GetString(0), row.GetString(1), row.GetString(2)));
        }

        return bodies;
    }

    private void Sql(string sql)
    {
        using var connection = DatabaseFile.Connect(Path);
        SchemaGuard.Execute(connection, sql);
    }

    private long Number(string sql)
    {
        using var connection = DatabaseFile.ConnectForReading(Path);
        return SchemaGuard.Number(connection, sql);
    }

    /// <summary>All tables with all rows.</summary>
    private static string Dump(string path)
    {
        using var connection = DatabaseFile.ConnectForReading(path);
        var text = new System.Text.StringBuilder();
        foreach (var table in Rows(connection, "SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY name"))
        {
            text.AppendLine(table).AppendJoin('\n', Rows(connection, $"SELECT * FROM {table.Split('|')[0]}")).AppendLine();
        }

        return text.ToString();
    }

    private static List<string> Rows(SqliteConnection connection, string sql)
    {
        using var select = new Statement(connection, sql);
        using var row = select.Read();
        var rows = new List<string>();
        while (row.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, row.FieldCount).Select(column => row.GetValue(column) is byte[] bytes ? Convert.ToHexString(bytes) : row.GetValue(column))));
        }

        return rows;
    }
}
