using Microsoft.Data.Sqlite;

namespace Harmony.Fleet.Adapters.Sqlite.Writing;

/// <summary>The one connection that writes: transactions, rows and events. Used by one thread.</summary>
internal sealed class WriteSession : IDisposable
{
    private readonly Statement begin;
    private readonly Statement commit;
    private readonly Statement rollback;
    private readonly Statement find;
    private readonly Statement put;
    private readonly Statement remove;
    private readonly Statement append;
    private readonly Statement count;
    private readonly SqliteConnection connection;
    private readonly EventRetention retention;
    private readonly TimeProvider clock;
    private long committed;
    private long term;

    public WriteSession(SqliteConnection connection, EventRetention retention, TimeProvider clock)
    {
        (this.connection, this.retention, this.clock) = (connection, retention, clock);
        begin = new Statement(connection, "BEGIN IMMEDIATE");
        commit = new Statement(connection, "COMMIT");
        rollback = new Statement(connection, "ROLLBACK");
        find = new Statement(connection, "SELECT body FROM resources WHERE kind = $k AND namespace = $s AND name = $n", "$k", "$s", "$n");
        put = new Statement(connection, "REPLACE INTO resources VALUES ($k, $s, $n, $v, $b)", "$k", "$s", "$n", "$v", "$b");
        remove = new Statement(connection, "DELETE FROM resources WHERE kind = $k AND namespace = $s AND name = $n", "$k", "$s", "$n");
        append = new Statement(
            connection, "INSERT INTO events VALUES ($v, $at, $k, $s, $n, $c, $b, $p)", "$v", "$at", "$k", "$s", "$n", "$c", "$b", "$p");
        count = new Statement(connection, "UPDATE counters SET value = $v WHERE name = $n", "$v", "$n");
        committed = Version = Opening.SchemaGuard.Number(connection, "SELECT value FROM counters WHERE name = 'version'");
        term = Opening.SchemaGuard.Number(connection, "SELECT value FROM counters WHERE name = 'term'");
    }

    /// <summary>The version of the last change, committed or not.</summary>
    public long Version { get; private set; }

    /// <summary>Begins a transaction.</summary>
    public void Begin() => begin.Run();

    /// <summary>Forgets old events, and makes all since <see cref="Begin"/> durable.</summary>
    public void Commit()
    {
        if (Version != committed)
        {
            retention.Trim(connection, Version, clock.GetUtcNow());
            count.Run(Version, "version");
        }

        commit.Run();
        committed = Version;
        retention.Keep();
    }

    /// <summary>Undoes all since <see cref="Begin"/>; SQLite may have done so already.</summary>
    public void Rollback()
    {
        Version = committed;
        retention.Undo();
        try
        {
            rollback.Run();
        }
        catch (SqliteException)
        {
            // Some errors end the transaction by themselves: then there is none to roll back.
        }

        term = -1;
    }

    /// <summary>The stored JSON of a resource, or null.</summary>
    public byte[]? Find(RowKey key)
    {
        using var reader = find.Read(key.Kind, key.Namespace, key.Name);
        return reader.Read() ? reader.GetFieldValue<byte[]>(0) : null;
    }

    /// <summary>The version that the next change gets; a change must follow.</summary>
    public long NextVersion() => ++Version;

    /// <summary>Stores a resource as of <see cref="Version"/>.</summary>
    public void Put(RowKey key, byte[] body, byte[]? previous)
    {
        put.Run(key.Kind, key.Namespace, key.Name, Version, body);
        Append(key, previous is null ? ChangeKind.Added : ChangeKind.Modified, body, previous);
    }

    /// <summary>Takes a resource away as of <see cref="Version"/>.</summary>
    public void Remove(RowKey key, byte[] body, byte[] previous)
    {
        remove.Run(key.Kind, key.Namespace, key.Name);
        Append(key, ChangeKind.Deleted, body, previous);
    }

    /// <summary>The next term of leadership.</summary>
    public long NextTerm()
    {
        term = (term < 0 ? Opening.SchemaGuard.Number(connection, "SELECT value FROM counters WHERE name = 'term'") : term) + 1;
        count.Run(term, "term");
        return term;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<Statement>)[begin, commit, rollback, find, put, remove, append, count])
        {
            statement.Dispose();
        }

        connection.Dispose();
    }

    private void Append(RowKey key, ChangeKind change, byte[] body, byte[]? previous)
    {
        append.Run(Version, clock.GetUtcNow().ToUnixTimeMilliseconds(), key.Kind, key.Namespace, key.Name, (int)change, body, previous);
        retention.Added(body.Length + (previous?.Length ?? 0));
    }
}
