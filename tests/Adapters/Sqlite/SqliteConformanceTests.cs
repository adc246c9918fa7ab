using Harmony.Fleet.Adapters.Sqlite;
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

    protected override Task ForgetHistoryAsync() => Task.WhenAll(Enumerable.Range(0, MaxEvents + 1).Select(i => CreatedAsync(Web($"filler-{i}", "filler"))));
}
