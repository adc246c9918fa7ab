using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Harmony.Fleet.Adapters.Sqlite.Opening;

/// <summary>Looks at a database before anything is written to it, and brings its schema up to date.</summary>
internal static class SchemaGuard
{
    /// <summary>SQLite's application_id of this program's databases: <c>HFLT</c>.</summary>
    public const int ApplicationId = 0x48464C54;

    /// <summary>Checks <paramref name="connection"/>'s database.</summary>
    /// <returns>What forbids its use; null where nothing does.</returns>
    public static (OpenRefusal Cause, string Reason)? Problem(SqliteConnection connection, string path, ImmutableArray<Migration> known)
    {
        var damage = Convert.ToString(Scalar(connection, "PRAGMA quick_check(1)"), CultureInfo.InvariantCulture);
        if (damage != "ok")
        {
            return (OpenRefusal.Damaged, $"The database {path} is damaged; it was left as it is: restore it from a backup, or move it away ({damage}).");
        }

        if (Number(connection, "SELECT COUNT(*) FROM sqlite_schema") == 0)
        {
            return null;
        }

        if (Number(connection, "PRAGMA application_id") != ApplicationId)
        {
            return (OpenRefusal.Foreign, $"The file {path} is another program's database; it was left as it is: choose another data folder.");
        }

        var (version, newest) = (Version(connection), known[^1].Version);
        return version <= newest
            ? null
            : (OpenRefusal.Newer, $"The database {path} was written by a newer version of this program (schema {version}, and this one knows {newest}); "
                + "it was left as it is: run that version, or restore a backup made before it.");
    }

    /// <summary>Takes the steps that the database has not seen, all or none.</summary>
    public static void Migrate(SqliteConnection connection, ImmutableArray<Migration> known, DateTimeOffset now)
    {
        Execute(connection, "BEGIN IMMEDIATE");
        Execute(connection, $"PRAGMA application_id = {ApplicationId}");
        Execute(connection, "CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, title TEXT NOT NULL, at TEXT NOT NULL)");
        var version = Version(connection);
        foreach (var step in known.Where(step => step.Version > version))
        {
            Execute(connection, step.Sql);
            Record(connection, step, now);
        }

        Execute(connection, "COMMIT");
    }

    /// <summary>Runs statements without a result.</summary>
    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Every text is a constant of this project.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>The number that a query gives.</summary>
    public static long Number(SqliteConnection connection, string sql) => Convert.ToInt64(Scalar(connection, sql), CultureInfo.InvariantCulture);

    private static long Version(SqliteConnection connection) => Number(connection, "SELECT COALESCE(MAX(version), 0) FROM migrations");

    private static void Record(SqliteConnection connection, Migration step, DateTimeOffset now)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO migrations VALUES ($version, $title, $at)";
        command.Parameters.AddWithValue("$version", step.Version);
        command.Parameters.AddWithValue("$title", step.Title);
        command.Parameters.AddWithValue("$at", now.ToString("O", CultureInfo.InvariantCulture));
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Every text is a constant of this project.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
