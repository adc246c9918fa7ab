using Harmony.Fleet.Adapters.Sqlite.Opening;
using Harmony.Fleet.Adapters.Sqlite.Writing;
using Microsoft.Data.Sqlite;

namespace Harmony.Fleet.Adapters.Sqlite.Reading;

/// <summary>Queries within one snapshot of the database.</summary>
internal static class Snapshot
{
    /// <summary>About as many bytes of events are read at once.</summary>
    private const int MaxBatchBytes = 1024 * 1024;

    /// <summary>
    /// The resources as they were at a version: those that have not changed since, and of the others what was there before
    /// their first change since. Exact as long as no event after that version is forgotten.
    /// </summary>
    private const string RowsAt = """
        SELECT namespace, name, body FROM resources
        WHERE kind = $k AND ($s IS NULL OR namespace = $s) AND (namespace, name) > ($as, $an) AND version <= $v
        UNION ALL
        SELECT namespace, name, previous FROM (
            SELECT namespace, name, previous, MIN(version) FROM events
            WHERE version > $v AND kind = $k AND ($s IS NULL OR namespace = $s) AND (namespace, name) > ($as, $an)
            GROUP BY namespace, name)
        WHERE previous IS NOT NULL
        ORDER BY 1, 2
        """;

    private const string RowsNow = """
        SELECT namespace, name, body FROM resources
        WHERE kind = $k AND ($s IS NULL OR namespace = $s) AND (namespace, name) > ($as, $an)
        ORDER BY namespace, name
        """;

    private const string EventsAfter = "SELECT version, kind, namespace, change, body, previous FROM events WHERE version > $v ORDER BY version LIMIT $l";

    /// <summary>The version of the last change.</summary>
    public static long Version(SqliteConnection connection) => SchemaGuard.Number(connection, "SELECT value FROM counters WHERE name = 'version'");

    /// <summary>The version up to which events are forgotten.</summary>
    public static long Forgotten(SqliteConnection connection) => SchemaGuard.Number(connection, "SELECT value FROM counters WHERE name = 'forgotten'");

    /// <summary>The stored JSON of a resource, or null.</summary>
    public static byte[]? Find(SqliteConnection connection, RowKey key)
    {
        using var find = new Statement(connection, "SELECT body FROM resources WHERE kind = $k AND namespace = $s AND name = $n", "$k", "$s", "$n");
        using var reader = find.Read(key.Kind, key.Namespace, key.Name);
        return reader.Read() ? reader.GetFieldValue<byte[]>(0) : null;
    }

    /// <summary>The stored JSON of a kind's resources at a version, by namespace and name, after <paramref name="after"/>; read as they are asked for.</summary>
    public static IEnumerable<StoredRow> Rows(SqliteConnection connection, string kind, string? inNamespace, ContinueToken after, long now)
    {
        using var rows = after.Version == now
            ? new Statement(connection, RowsNow, "$k", "$s", "$as", "$an")
            : new Statement(connection, RowsAt, "$k", "$s", "$as", "$an", "$v");
        ReadOnlySpan<object?> values = [kind, inNamespace, after.Namespace, after.Name, after.Version];
        using var reader = rows.Read(after.Version == now ? values[..4] : values);
        while (reader.Read())
        {
            yield return new StoredRow(new RowKey(kind, reader.GetString(0), reader.GetString(1)), reader.GetFieldValue<byte[]>(2));
        }
    }

    /// <summary>The next events of all kinds after a version; for other kinds and namespaces without their JSON.</summary>
    public static List<StoredEvent> Events(SqliteConnection connection, string kind, string? inNamespace, long after, int limit)
    {
        using var select = new Statement(connection, EventsAfter, "$v", "$l");
        using var reader = select.Read(after, limit);
        var events = new List<StoredEvent>();
        for (var bytes = 0L; bytes < MaxBatchBytes && reader.Read(); bytes += Size(events[^1]))
        {
            var wanted = reader.GetString(1) == kind && (inNamespace is null || reader.GetString(2) == inNamespace);
            events.Add(new StoredEvent(
                reader.GetInt64(0),
                (ChangeKind)reader.GetInt32(3),
                wanted ? reader.GetFieldValue<byte[]>(4) : null,
                wanted && !reader.IsDBNull(5) ? reader.GetFieldValue<byte[]>(5) : null));
        }

        return events;
    }

    private static long Size(StoredEvent change) => (change.Body?.Length ?? 0) + (change.Previous?.Length ?? 0);
}
