using Microsoft.Data.Sqlite;

namespace Harmony.Fleet.Bench.Sqlite;

/// <summary>What SQLite itself does on this disk: one row a transaction, WAL, synchronous=FULL, nothing else.</summary>
internal sealed class RawSqlite : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly SqliteCommand insert;

    public RawSqlite(string path, byte[] body)
    {
        connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        Run("PRAGMA journal_mode = WAL");
        Run("PRAGMA synchronous = FULL");
        Run("CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB NOT NULL)");
        insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO t (body) VALUES ($b)";
        insert.Parameters.AddWithValue("$b", body);
    }

    /// <summary>Durable inserts.</summary>
    public Task WriteAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            insert.ExecuteNonQuery();
        }

        return Task.CompletedTask;
    }

    public void Dispose()
    {
        insert.Dispose();
        connection.Dispose();
    }

    private void Run(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
