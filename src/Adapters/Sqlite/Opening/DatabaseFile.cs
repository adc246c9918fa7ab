using Microsoft.Data.Sqlite;

namespace Harmony.Fleet.Adapters.Sqlite.Opening;

/// <summary>The database file, and connections to it.</summary>
internal static class DatabaseFile
{
    /// <summary>Seconds that a statement waits for another program's lock.</summary>
    private const int LockTimeoutSeconds = 5;

    /// <summary>What the writer keeps of the database: with SQLite's own 2 MiB it reads pages again and again, that a status changes.</summary>
    private const int CacheKibibytes = 16 * 1024;

    /// <summary>16 MiB of changes: what changes often is copied into the database a quarter as often as SQLite would by itself.</summary>
    private const int CheckpointPages = 4_000;

    /// <summary>
    /// What forbids to open the file at <paramref name="path"/>: SQLite silently removes a write-ahead log, and the acknowledged
    /// writes in it, where the database itself is missing or empty.
    /// </summary>
    public static string? Problem(string path)
    {
        var (database, log) = (new FileInfo(path), new FileInfo(path + "-wal"));
        return log is { Exists: true, Length: > 0 } && database is not { Exists: true, Length: > 0 }
            ? $"The database {path} is missing, while its write-ahead log {log.Name} is there; both were left as they are: restore the whole data folder from a backup, or move it away."
            : null;
    }

    /// <summary>Opens the database, and makes it where there is none. Nothing is written yet.</summary>
    public static SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection(Text(path, SqliteOpenMode.ReadWriteCreate));
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens the database for reading only.</summary>
    public static SqliteConnection ConnectForReading(string path)
    {
        var connection = new SqliteConnection(Text(path, SqliteOpenMode.ReadWrite));
        try
        {
            connection.Open();
            SchemaGuard.Execute(connection, "PRAGMA query_only = ON");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>From here on a commit is on disk when it returns, and readers do not wait.</summary>
    /// <param name="connection">The writer's.</param>
    /// <param name="maxLogBytes">How many bytes of the log's file stay when it was emptied.</param>
    /// <param name="maxFileBytes">How large the database may become; null for as large as the disk.</param>
    public static void MakeDurable(SqliteConnection connection, long maxLogBytes, long? maxFileBytes)
    {
        SchemaGuard.Execute(connection, "PRAGMA journal_mode = WAL");
        SchemaGuard.Execute(connection, "PRAGMA synchronous = FULL");
        SchemaGuard.Execute(connection, $"PRAGMA journal_size_limit = {maxLogBytes}");
        SchemaGuard.Execute(connection, $"PRAGMA cache_size = -{CacheKibibytes}");
        SchemaGuard.Execute(connection, $"PRAGMA wal_autocheckpoint = {CheckpointPages}");
        if (maxFileBytes is { } bytes)
        {
            SchemaGuard.Execute(connection, $"PRAGMA max_page_count = {bytes / SchemaGuard.Number(connection, "PRAGMA page_size")}");
        }
    }

    private static string Text(string path, SqliteOpenMode mode) => new SqliteConnectionStringBuilder
    {
        DataSource = path,
        Mode = mode,
        Pooling = false,
        DefaultTimeout = LockTimeoutSeconds,
    }.ToString();
}
