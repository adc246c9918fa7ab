using Harmony.Fleet.Adapters.Sqlite.Opening;
using Harmony.Fleet.Ports.Resources;
using Microsoft.Data.Sqlite;

namespace Harmony.Fleet.Adapters.Sqlite.Writing;

/// <summary>What is known of acknowledged writes that are gone: kept in the database itself until somebody has taken notice.</summary>
internal static class LostWritesRecord
{
    private const string From = "lost from";
    private const string Until = "lost until";
    private const string At = "lost at";

    /// <summary>Compares a database with its mark. Where the mark is ahead, that is kept, and versions and terms go on beyond it: none is given a second time.</summary>
    public static LostWrites? Check(SqliteConnection connection, StoreMark? mark, DateTimeOffset now)
    {
        var (version, term) = (Number(connection, "version"), Number(connection, "term"));
        if (mark is { } known && (known.Version > version || known.Term > term))
        {
            Keep(connection, version, known, Math.Max(term, known.Term), now);
        }

        return Read(connection);
    }

    /// <summary>What is kept; null for nothing.</summary>
    public static LostWrites? Read(SqliteConnection connection) => Number(connection, At) is > 0 and var at
        ? new LostWrites(Number(connection, From), Number(connection, Until), DateTimeOffset.FromUnixTimeMilliseconds(at))
        : null;

    /// <summary>Somebody has taken notice.</summary>
    public static void Clear(SqliteConnection connection) => SchemaGuard.Execute(connection, $"DELETE FROM counters WHERE name IN ('{From}', '{Until}', '{At}')");

    private static void Keep(SqliteConnection connection, long version, StoreMark known, long term, DateTimeOffset now)
    {
        var (from, at, next) = (Read(connection)?.From ?? version, now.ToUnixTimeMilliseconds(), Math.Max(version, known.Version) + 1);
        SchemaGuard.Execute(connection, "BEGIN IMMEDIATE");
        EventRetention.ForgetAll(connection, version, next);
        foreach (var (name, value) in ((string, long)[])[(From, from), (Until, Math.Max(version, known.Version)), (At, at), ("version", next), ("term", term), ("removed", at)])
        {
            using var set = new Statement(connection, "INSERT INTO counters VALUES ($n, $v) ON CONFLICT (name) DO UPDATE SET value = $v", "$n", "$v");
            set.Run(name, value);
        }

        SchemaGuard.Execute(connection, "COMMIT");
    }

    private static long Number(SqliteConnection connection, string name) =>
        SchemaGuard.Number(connection, $"SELECT COALESCE((SELECT value FROM counters WHERE name = '{name}'), 0)");
}
