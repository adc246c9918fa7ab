using Harmony.Fleet.Adapters.Sqlite;
using Harmony.Fleet.Ports.Resources;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Fleet.Tests.Operator.Api;

public sealed class SqliteResourceApiTests : ResourceApiTests
{
    private readonly TempFolder folder = new();
    private SqliteStore? store;

    protected override IResourceStore OpenStore()
    {
        var options = new SqliteStoreOptions { Path = folder.File("fleet.db") };
        var outcome = SqliteStore.Open(options, TimeProvider.System, Guid.NewGuid, NullLogger<SqliteStore>.Instance);
        return store = outcome.ShouldBeOfType<OpenOutcome.Opened>().Store;
    }

    protected override async ValueTask CloseStoreAsync()
    {
        await store!.DisposeAsync();
        folder.Dispose();
    }
}
