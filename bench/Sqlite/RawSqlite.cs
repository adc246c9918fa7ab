using Microsoft.Data.Sqlite;

namespace Harmony.Fleet.Bench.Sqlite;

/// <summary>What SQLite itself does on this disk: one row a transaction, WAL, synchronous=FULL, nothing else.</summary>
internal static class RawSqlite
{
    /// <summary>Durable inserts a second.</summary>
    public static double Measure(string path, int writes, byte[] body)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        Run(connection, "PRAGMA journal_mode = WAL");
        Run(connection, "PRAGMA synchronous = FULL");
        Run(connection, "CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB NOT NULL)");
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO t (body) VALUES ($b)";
        insert.Parameters.AddWithValue("$b", body);
        var time = Rate.Begin();
        for (var i = 0; i < writes; i++)
        {
            insert.ExecuteNonQuery();
        }

        return time.Of(writes);
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
