using System.Collections.Immutable;
using System.Globalization;
using Harmony.Fleet.Adapters.Sqlite.Opening;
using Harmony.Fleet.Adapters.Sqlite.Writing;
using Harmony.Fleet.Core.Resources;
using Harmony.Fleet.Ports.Resources;
using Microsoft.Data.Sqlite;

namespace Harmony.Fleet.Adapters.Sqlite.Reading;

/// <summary>Queries within one snapshot of the database.</summary>
internal static class Snapshot
{
    /// <summary>About as many bytes of events are read at once.</summary>
    private const int MaxBatchBytes = 1024 * 1024;

    private const string WithParts = """
        LEFT JOIN parts m ON m.id = r.metadata LEFT JOIN parts s ON s.id = r.spec LEFT JOIN parts t ON t.id = r.status
        """;

    /// <summary>The selection of resources or events that a page asks for.</summary>
    private const string OfPage = "kind = $k AND ($s IS NULL OR namespace = $s) AND (namespace, name) > ($as, $an)";

    private const string WithPartsBefore = """
        LEFT JOIN parts m ON m.id = e.was_metadata LEFT JOIN parts s ON s.id = e.was_spec LEFT JOIN parts t ON t.id = e.was_status
        """;

    /// <summary>From the event of o back to the first one of that resource after $v, if there was one before that: each event names the one before.</summary>
    private const string FirstChange = """
        (WITH RECURSIVE back(version, was) AS (
            SELECT version, was_version FROM events WHERE version = o.version
            UNION ALL SELECT b.version, b.was_version FROM back CROSS JOIN events b ON b.version = back.was WHERE back.was > $v)
        SELECT version FROM back WHERE was <= $v)
        """;

    /// <summary>
    /// The resources as they were at a version: those that have not changed since; of those that have, what was there before their first change since; and the same of
    /// those that were removed since. Each in order, so that a page takes from them what it needs. Exact as long as no event after that version is forgotten.
    /// </summary>
    private const string RowsAt = $"""
        SELECT r.namespace, r.name, '', r.version, m.body, s.body, t.body, r.status FROM (SELECT * FROM resources WHERE {OfPage} AND version <= $v) r
        {WithParts}
        UNION ALL
        SELECT o.namespace, o.name, '', e.was_version, m.body, s.body, t.body, e.was_status FROM (SELECT * FROM resources WHERE {OfPage} AND version > $v) o
        CROSS JOIN events e ON e.version = {FirstChange}
        {WithPartsBefore}
        UNION ALL
        SELECT o.namespace, o.name, '', e.was_version, m.body, s.body, t.body, e.was_status FROM (
            SELECT * FROM events d WHERE change = 3 AND {OfPage} AND version > $v AND NOT EXISTS (
                SELECT 1 FROM events WHERE change = 3 AND kind = d.kind AND namespace = d.namespace AND name = d.name AND version > $v AND version < d.version)) o
        CROSS JOIN events e ON e.version = {FirstChange}
        {WithPartsBefore}
        ORDER BY 1, 2
        """;

    private const string RowsNow = $"""
        SELECT r.namespace, r.name, r.uid, r.version, m.body, s.body, t.body, r.status FROM resources r
        {WithParts}
        WHERE r.kind = $k AND ($s IS NULL OR r.namespace = $s) AND (r.namespace, r.name) > ($as, $an)
        ORDER BY r.namespace, r.name
        """;

    private const string Row = $"""
        SELECT r.namespace, r.name, r.uid, r.version, m.body, s.body, t.body, r.status FROM resources r
        {WithParts}
        WHERE r.kind = $k AND r.namespace = $s AND r.name = $n
        """;

    private const string EventsAfter = $"""
        SELECT r.version, r.kind, r.namespace, r.name, m.body, s.body, t.body, r.status, r.change,
            r.was_version, wm.body, ws.body, wt.body, r.was_status, wm.id
        FROM (SELECT *, kind = $k AND ($s IS NULL OR namespace = $s) AS wanted FROM events WHERE version > $v ORDER BY version LIMIT $l) r
        LEFT JOIN parts m ON r.wanted AND m.id = r.metadata
        LEFT JOIN parts s ON r.wanted AND s.id = r.spec
        LEFT JOIN parts t ON r.wanted AND t.id = r.status
        LEFT JOIN parts wm ON r.wanted AND r.was_metadata <> r.metadata AND wm.id = r.was_metadata
        LEFT JOIN parts ws ON wm.id IS NOT NULL AND ws.id = r.was_spec
        LEFT JOIN parts wt ON wm.id IS NOT NULL AND wt.id = r.was_status
        ORDER BY r.version
        """;

    /// <summary>The version of the last change.</summary>
    public static long Version(SqliteConnection connection) => SchemaGuard.Number(connection, "SELECT value FROM counters WHERE name = 'version'");

    /// <summary>The version up to which events are forgotten.</summary>
    public static long Forgotten(SqliteConnection connection) => SchemaGuard.Number(connection, "SELECT value FROM counters WHERE name = 'forgotten'");

    /// <summary>What is stored under a key, or null.</summary>
    public static StoredResource? Find(SqliteConnection connection, RowKey key)
    {
        using var find = new Statement(connection, Row, "$k", "$s", "$n");
        using var row = find.Read(key.Kind, key.Namespace, key.Name);
        return row.Read() ? Resource(row, key.Kind) : null;
    }

    /// <summary>A kind's resources at a version, by namespace and name, after <paramref name="after"/>; read as they are asked for.</summary>
    public static IEnumerable<StoredResource> Rows(SqliteConnection connection, string kind, string? inNamespace, ContinueToken after, long now)
    {
        using var rows = after.Version == now
            ? new Statement(connection, RowsNow, "$k", "$s", "$as", "$an")
            : new Statement(connection, RowsAt, "$k", "$s", "$as", "$an", "$v");
        ReadOnlySpan<object?> values = [kind, inNamespace, after.Namespace, after.Name, after.Version];
        using var row = rows.Read(after.Version == now ? values[..4] : values);
        while (row.Read())
        {
            yield return Resource(row, kind);
        }
    }

    /// <summary>The next events of all kinds after a version; for other kinds and namespaces without their JSON.</summary>
    public static List<StoredEvent> Events(SqliteConnection connection, string kind, string? inNamespace, long after, int limit)
    {
        using var select = new Statement(connection, EventsAfter, "$k", "$s", "$v", "$l");
        using var row = select.Read(kind, inNamespace, after, limit);
        var events = new List<StoredEvent>();
        for (var bytes = 0L; bytes < MaxBatchBytes && row.Read(); bytes += Size(events[^1]))
        {
            var (version, key) = (row.GetInt64(0), new RowKey(row.GetString(1), row.GetString(2), row.GetString(3)));
            var wanted = key.Kind == kind && (inNamespace is null || key.Namespace == inNamespace);
            events.Add(new StoredEvent(
                version,
                (ChangeKind)row.GetInt32(8),
                wanted ? key.With(string.Empty, version, PartColumns.Read(row, 4)) : null,
                row.IsDBNull(14) ? null : key.With(string.Empty, row.GetInt64(9), PartColumns.Read(row, 10))));
        }

        return events;
    }

    /// <summary>Which of some resources of a kind were removed.</summary>
    public static RemovedOutcome Removed(SqliteConnection connection, string kind, ImmutableArray<LostResource> asked)
    {
        using var find = new Statement(
            connection, "SELECT at, version FROM removed WHERE uid = $u AND kind = $k AND namespace = $s AND name = $n ORDER BY version DESC LIMIT 1", "$u", "$k", "$s", "$n");
        var removed = ImmutableArray.CreateBuilder<RemovedResource>();
        foreach (var one in asked.Where(one => !string.IsNullOrEmpty(one.Uid)).Distinct())
        {
            var key = RowKey.Of(kind, one.Key);
            using var row = find.Read(one.Uid, kind, key.Namespace, key.Name);
            if (row.Read())
            {
                removed.Add(new RemovedResource(one.Uid, key.Resource, DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0)), row.GetInt64(1).ToString(CultureInfo.InvariantCulture)));
            }
        }

        var since = SchemaGuard.Number(connection, "SELECT value FROM counters WHERE name = 'removed'");
        return new RemovedOutcome.Known(removed.ToImmutable(), since == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(since));
    }

    private static StoredResource Resource(SqliteDataReader row, string kind) =>
        new RowKey(kind, row.GetString(0), row.GetString(1)).With(row.GetString(2), row.GetInt64(3), PartColumns.Read(row, 4));

    private static long Size(StoredEvent change) => (change.Now?.Parts.Size ?? 0) + (change.Before?.Parts.Size ?? 0);
}
