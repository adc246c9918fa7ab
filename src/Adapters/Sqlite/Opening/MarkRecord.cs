using Microsoft.Data.Sqlite;

namespace Harmony.Fleet.Adapters.Sqlite.Opening;

/// <summary>What the database itself knows of the mark beside it: that there is one. A copy has none.</summary>
internal static class MarkRecord
{
    private const string Name = "marked";

    /// <summary>Whether the database has had a mark.</summary>
    public static bool Has(SqliteConnection connection) => SchemaGuard.Number(connection, $"SELECT COUNT(*) FROM counters WHERE name = '{Name}'") > 0;

    /// <summary>Remembers that it has one. Where there is no room for that, the next opening does.</summary>
    public static void Make(SqliteConnection connection)
    {
        if (Has(connection))
        {
            return;
        }

        try
        {
            SchemaGuard.Execute(connection, $"INSERT INTO counters VALUES ('{Name}', 1)");

            // Not in the log alone, the end of which may be lost together with the mark.
            SchemaGuard.Execute(connection, "PRAGMA wal_checkpoint(PASSIVE)");
        }
        catch (SqliteException)
        {
            // What keeps it from being written is told by the first write.
        }
    }

    /// <summary>Forgets it.</summary>
    public static void Clear(SqliteConnection connection) => SchemaGuard.Execute(connection, $"DELETE FROM counters WHERE name = '{Name}'");
}
