using System.Text.Json;
using Harmony.Fleet.Adapters.Sqlite;
using Harmony.Fleet.Adapters.Sqlite.Opening;
using Harmony.Fleet.Adapters.Sqlite.Reading;
using Harmony.Fleet.Adapters.Sqlite.Writing;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Conformance;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Tests.Adapters.Sqlite;

/// <summary>The suite on the real store.</summary>
public sealed class SqliteConformanceTests : ResourceStoreConformance
{
    private const int MaxEvents = 1_000;
    private readonly TempFolder folder = new();
    private SqliteStore? store;

    protected override Task<IResourceStore> OpenAsync()
    {
        store = StoreFactory.Open(StoreFactory.At(folder.File("fleet.db")) with { MaxEvents = MaxEvents });
        return Task.FromResult<IResourceStore>(store);
    }

    protected override async Task CloseAsync()
    {
        await store!.DisposeAsync();
        folder.Dispose();
    }

    protected override Task<JsonElement> RawAsync(ResourceKey key)
    {
        using var other = DatabaseFile.ConnectForReading(folder.File("fleet.db"));
        var stored = Snapshot.Find(other, RowKey.Of("Deployment", key))!;
        return Task.FromResult(JsonDocument.Parse(stored.Parts.Document(stored.ResourceVersion)).RootElement);
    }

    protected override Task AddUnknownAsync(ResourceKey key, string metadata, string spec, string status)
    {
        using var other = DatabaseFile.Connect(folder.File("fleet.db"));
        foreach (var (part, patch) in new[] { ("metadata", metadata), ("spec", $$"""{"spec":{{spec}}}"""), ("status", status) })
        {
            SchemaGuard.Execute(
                other, $"UPDATE parts SET body = CAST(json_patch(CAST(body AS TEXT), '{patch}') AS BLOB) WHERE id = (SELECT {part} FROM resources WHERE kind = 'Deployment' AND name = '{key.Name}')");
        }

        return Task.CompletedTask;
    }

    protected override Task ForgetHistoryAsync() => Task.WhenAll(Enumerable.Range(0, MaxEvents + 1).Select(i => CreatedAsync(Web($"filler-{i}", "filler"))));
}
