using Harmony.Fleet.Core.Resources;
using Microsoft.Data.Sqlite;

namespace Harmony.Fleet.Adapters.Sqlite.Writing;

/// <summary>A resource with where it is stored.</summary>
/// <param name="Resource">It.</param>
/// <param name="Version">Its version.</param>
/// <param name="Ids">Its parts.</param>
internal sealed record ResourceRow(StoredResource Resource, long Version, PartIds Ids);

/// <summary>Writes rows, the parts of them that changed, and an event that refers to the parts: what did not change is written no second time.</summary>
internal sealed class ResourceRows : IDisposable
{
    private readonly Statement find;
    private readonly Statement findUid;
    private readonly Statement insert;
    private readonly Statement update;
    private readonly Statement remove;
    private readonly Statement part;
    private readonly Statement append;

    public ResourceRows(SqliteConnection connection)
    {
        find = new Statement(
            connection,
            """
            SELECT r.version, r.uid, r.metadata, r.spec, m.body, s.body, t.body, r.status FROM resources r
            LEFT JOIN parts m ON m.id = r.metadata LEFT JOIN parts s ON s.id = r.spec LEFT JOIN parts t ON t.id = r.status
            WHERE r.kind = $k AND r.namespace = $s AND r.name = $n
            """,
            "$k", "$s", "$n");
        findUid = new Statement(connection, "SELECT 1 FROM resources WHERE kind = $k AND uid = $u", "$k", "$u");
        insert = new Statement(connection, "INSERT INTO resources VALUES ($k, $s, $n, $v, $u, $m, $p, $t)", "$k", "$s", "$n", "$v", "$u", "$m", "$p", "$t");
        update = new Statement(
            connection, "UPDATE resources SET version = $v, metadata = $m, spec = $p, status = $t WHERE kind = $k AND namespace = $s AND name = $n",
            "$k", "$s", "$n", "$v", "$m", "$p", "$t");
        remove = new Statement(connection, "DELETE FROM resources WHERE kind = $k AND namespace = $s AND name = $n", "$k", "$s", "$n");
        part = new Statement(connection, "INSERT INTO parts VALUES ($i, $b)", "$i", "$b");
        append = new Statement(
            connection, "INSERT INTO events VALUES ($v, $at, $k, $s, $n, $c, $b, $m, $p, $t, $wv, $wm, $wp, $wt)",
            "$v", "$at", "$k", "$s", "$n", "$c", "$b", "$m", "$p", "$t", "$wv", "$wm", "$wp", "$wt");
    }

    /// <summary>What is stored under a key, or null.</summary>
    public ResourceRow? Find(RowKey key)
    {
        using var row = find.Read(key.Kind, key.Namespace, key.Name);
        if (!row.Read())
        {
            return null;
        }

        var version = row.GetInt64(0);
        return new ResourceRow(
            key.With(row.GetString(1), version, PartColumns.Read(row, 4)),
            version,
            new PartIds(row.GetInt64(2), row.GetInt64(3), row.IsDBNull(7) ? null : row.GetInt64(7)));
    }

    /// <summary>Whether a resource of this uid is stored. It looks at all of its kind: for what is done seldom.</summary>
    public bool HasUid(string kind, string uid)
    {
        using var row = findUid.Read(kind, uid);
        return row.Read();
    }

    /// <summary>Stores a resource as of <paramref name="version"/>.</summary>
    /// <returns>How many bytes of parts that took.</returns>
    public int Put(RowKey key, string uid, ResourceParts parts, ResourceRow? previous, long version, long at)
    {
        var (ids, bytes) = Keep(parts, previous, version);
        if (previous is null)
        {
            insert.Run(key.Kind, key.Namespace, key.Name, version, uid, ids.Metadata, ids.Spec, ids.Status);
        }
        else
        {
            update.Run(key.Kind, key.Namespace, key.Name, version, ids.Metadata, ids.Spec, ids.Status);
        }

        Append(key, previous is null ? ChangeKind.Added : ChangeKind.Modified, ids, bytes, previous, version, at);
        return bytes;
    }

    /// <summary>Takes a resource away as of <paramref name="version"/>.</summary>
    /// <returns>How many bytes of parts that took.</returns>
    public int Remove(RowKey key, ResourceParts last, ResourceRow previous, long version, long at)
    {
        var (ids, bytes) = Keep(last, previous, version);
        remove.Run(key.Kind, key.Namespace, key.Name);
        Append(key, ChangeKind.Deleted, ids, bytes, previous, version, at);
        return bytes;
    }

    /// <summary>An event for a version at which no resource changed, of no kind that anybody watches: watches pass it by, and versions have no gap.</summary>
    /// <returns>How many bytes of parts that took.</returns>
    public int Declare(RowKey key, long version, long at)
    {
        append.Run(version, at, "Removal", key.Namespace, key.Name, (int)ChangeKind.Modified, 0, 0, 0, null, null, null, null, null);
        return 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<Statement>)[find, findUid, insert, update, remove, part, append])
        {
            statement.Dispose();
        }
    }

    private (PartIds Ids, int Bytes) Keep(ResourceParts parts, ResourceRow? previous, long version)
    {
        var (next, was, bytes) = (PartIds.Of(version), previous?.Resource.Parts, 0);
        return (new PartIds(
            One(next.Metadata, parts.Metadata, previous?.Ids.Metadata, was?.Metadata)!.Value,
            One(next.Spec, parts.Spec, previous?.Ids.Spec, was?.Spec)!.Value,
            One(next.Status!.Value, parts.Status, previous?.Ids.Status, was?.Status)), bytes);

        long? One(long id, byte[]? body, long? wasId, byte[]? wasBody)
        {
            if (body is null || (wasId is not null && ResourceParts.AreSame(body, wasBody)))
            {
                return body is null ? null : wasId;
            }

            part.Run(id, body);
            bytes += body.Length;
            return id;
        }
    }

    private void Append(RowKey key, ChangeKind change, PartIds ids, int bytes, ResourceRow? previous, long version, long at) => append.Run(
        version, at, key.Kind, key.Namespace, key.Name, (int)change, bytes, ids.Metadata, ids.Spec, ids.Status,
        previous?.Version, previous?.Ids.Metadata, previous?.Ids.Spec, previous?.Ids.Status);
}
