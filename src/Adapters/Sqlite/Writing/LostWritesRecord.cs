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
    private const string Uncertain = "lost uncertain";

    /// <summary>How far versions go on where it is not known how far they had come: further than a write-ahead log holds.</summary>
    private const long Leap = 1_000_000;

    /// <summary>The same for terms, of which each start of an operator takes one.</summary>
    private const long TermLeap = 1_000;

    /// <summary>
    /// Compares a database with its mark. Where the mark is ahead, or is no longer there or readable, that is kept, and versions and terms go on beyond it: none is
    /// given a second time.
    /// </summary>
    public static LostWrites? Check(SqliteConnection connection, VersionMark? mark, DateTimeOffset now)
    {
        var (version, term) = (Number(connection, "version"), Number(connection, "term"));
        if (mark is { Found: null } && (mark.IsDamaged || MarkRecord.Has(connection)))
        {
            Keep(connection, version, version, version + Leap, term + TermLeap, now, isCertain: false);
        }
        else if (mark?.Found is { } known && (known.Version > version || known.Term > term))
        {
            var until = Math.Max(version, known.Version);
            Keep(connection, version, until, until + 1, Math.Max(term, known.Term), now, isCertain: true);
        }

        return Read(connection);
    }

    /// <summary>What is kept; null for nothing.</summary>
    public static LostWrites? Read(SqliteConnection connection) => Number(connection, At) is > 0 and var at
        ? new LostWrites(Number(connection, From), Number(connection, Until), DateTimeOffset.FromUnixTimeMilliseconds(at), Number(connection, Uncertain) == 0)
        : null;

    /// <summary>Somebody has taken notice.</summary>
    public static void Clear(SqliteConnection connection) => SchemaGuard.Execute(connection, $"DELETE FROM counters WHERE name IN ('{From}', '{Until}', '{At}', '{Uncertain}')");

    private static void Keep(SqliteConnection connection, long version, long until, long next, long term, DateTimeOffset now, bool isCertain)
    {
        var (before, at) = (Read(connection), now.ToUnixTimeMilliseconds());
        var uncertain = isCertain && before is not { IsCertain: false } ? 0 : 1;
        SchemaGuard.Execute(connection, "BEGIN IMMEDIATE");
        EventRetention.ForgetAll(connection, version, next);
        foreach (var (name, value) in ((string, long)[])[(From, before?.From ?? version), (Until, until), (At, at), (Uncertain, uncertain), ("version", next), ("term", term), ("removed", at)])
        {
            using var set = new Statement(connection, "INSERT INTO counters VALUES ($n, $v) ON CONFLICT (name) DO UPDATE SET value = $v", "$n", "$v");
            set.Run(name, value);
        }

        SchemaGuard.Execute(connection, "COMMIT");
    }

    private static long Number(SqliteConnection connection, string name) =>
        SchemaGuard.Number(connection, $"SELECT COALESCE((SELECT value FROM counters WHERE name = '{name}'), 0)");
}
