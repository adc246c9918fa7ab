using Harmony.Fleet.Adapters.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Fleet.Tests.Adapters.Sqlite;

/// <summary>Opens real stores.</summary>
internal static class StoreFactory
{
    public static SqliteStoreOptions At(string path) => new() { Path = path };

    public static OpenOutcome TryOpen(SqliteStoreOptions options, TimeProvider? clock = null) =>
        SqliteStore.Open(options, clock ?? TimeProvider.System, Guid.NewGuid, NullLogger<SqliteStore>.Instance);

    public static SqliteStore Open(SqliteStoreOptions options, TimeProvider? clock = null) =>
        TryOpen(options, clock).ShouldBeOfType<OpenOutcome.Opened>().Store;

    public static OpenOutcome.Refused Refused(SqliteStoreOptions options) => TryOpen(options).ShouldBeOfType<OpenOutcome.Refused>();
}
