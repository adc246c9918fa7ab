using Harmony.Fleet.Adapters.Sqlite.Opening;
using Harmony.Fleet.Core.Resources;
using Microsoft.Data.Sqlite;

namespace Harmony.Fleet.Adapters.Sqlite.Writing;

/// <summary>The one connection that writes: transactions, rows, events and tombstones. Used by one thread.</summary>
internal sealed class WriteSession : IDisposable
{
    private readonly Statement begin;
    private readonly Statement commit;
    private readonly Statement rollback;
    private readonly Statement count;
    private readonly SqliteConnection connection;
    private readonly ResourceRows resources;
    private readonly Tombstones tombstones;
    private readonly EventRetention retention;
    private readonly TimeProvider clock;
    private readonly VersionMark? mark;
    private StoreMark? marked;
    private long committed;
    private long term;

    public WriteSession(SqliteConnection connection, EventRetention retention, Tombstones tombstones, TimeProvider clock, VersionMark? mark)
    {
        (this.connection, this.retention, this.tombstones, this.clock, this.mark) = (connection, retention, tombstones, clock, mark);
        resources = new ResourceRows(connection);
        begin = new Statement(connection, "BEGIN IMMEDIATE");
        commit = new Statement(connection, "COMMIT");
        rollback = new Statement(connection, "ROLLBACK");
        count = new Statement(connection, "UPDATE counters SET value = $v WHERE name = $n", "$v", "$n");
        committed = Version = Opening.SchemaGuard.Number(connection, "SELECT value FROM counters WHERE name = 'version'");
        term = Opening.SchemaGuard.Number(connection, "SELECT value FROM counters WHERE name = 'term'");
    }

    /// <summary>Why the last commit could not be marked; null where it is, or nothing was to mark.</summary>
    public string? MarkProblem { get; private set; }

    /// <summary>The version of the last change, committed or not.</summary>
    public long Version { get; private set; }

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Begins a transaction.</summary>
    public void Begin() => begin.Run();

    /// <summary>Forgets old events, and makes all since <see cref="Begin"/> durable.</summary>
    public void Commit()
    {
        if (Version != committed)
        {
            retention.Trim(connection, Version, clock.GetUtcNow());
            tombstones.Trim();
            count.Run(Version, "version");
        }

        commit.Run();
        committed = Version;
        retention.Keep();
        tombstones.Keep();
        Mark();
    }

    /// <summary>Says beside the database how far it has come. What is committed stays so where that fails.</summary>
    public void Mark()
    {
        if (mark is null)
        {
            return;
        }

        try
        {
            var reached = new StoreMark(committed, Math.Max(term, marked?.Term ?? 0));
            if (reached == marked && mark.IsInPlace)
            {
                MarkProblem = null;
                return;
            }

            mark.Write(reached);
            (marked, MarkProblem) = (reached, null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            MarkProblem = error.Message;
        }
    }

    /// <summary>Has the database itself know that it has a mark, where it does not yet: one that is gone is missed from then on.</summary>
    public void RecordMark()
    {
        if (mark is not null && MarkProblem is null)
        {
            MarkRecord.Make(connection);
        }
    }

    /// <summary>Writes what is no change of any resource: it takes no version.</summary>
    public void Probe()
    {
        using var probe = new Statement(connection, "INSERT INTO counters VALUES ('probe', $v) ON CONFLICT (name) DO UPDATE SET value = $v", "$v");
        probe.Run(Now);
    }

    /// <summary>Takes the write-ahead log into the database, and leaves an empty one.</summary>
    /// <returns>Whether it did; false where somebody reads what is in it.</returns>
    /// <exception cref="SqliteException">The disk failed.</exception>
    public bool EmptyLog() => Opening.SchemaGuard.Number(connection, "PRAGMA wal_checkpoint(TRUNCATE)") == 0;

    /// <summary>Somebody has taken notice of writes that were lost.</summary>
    public void AcknowledgeLost() => LostWritesRecord.Clear(connection);

    /// <summary>Undoes all since <see cref="Begin"/>; SQLite may have done so already.</summary>
    public void Rollback()
    {
        Version = committed;
        retention.Undo();
        tombstones.Undo();
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

    /// <summary>What is stored under a key, or null.</summary>
    public ResourceRow? Find(RowKey key) => resources.Find(key);

    /// <summary>Stores a resource under the next version.</summary>
    public StoredResource Put(RowKey key, string uid, ResourceParts parts, ResourceRow? previous)
    {
        retention.Added(resources.Put(key, uid, parts, previous, ++Version, Now));
        return key.With(uid, Version, parts);
    }

    /// <summary>Takes a resource away under the next version, and remembers that.</summary>
    public StoredResource Remove(RowKey key, ResourceParts last, ResourceRow previous)
    {
        var uid = previous.Resource.Uid;
        retention.Added(resources.Remove(key, last, previous, ++Version, Now));
        tombstones.Add(key, uid, Version, Now);
        return key.With(uid, Version, last);
    }

    /// <summary>Whether a resource was removed by intent.</summary>
    public bool IsRemoved(RowKey key, string uid) => tombstones.Has(key, uid);

    /// <summary>Remembers as removed what is not there, and whose name nothing has.</summary>
    public void DeclareRemoved(RowKey key, string uid)
    {
        if (uid.Length > 0 && resources.Find(key) is null && !resources.HasUid(key.Kind, uid) && !tombstones.Has(key, uid))
        {
            retention.Added(resources.Declare(key, ++Version, Now));
            tombstones.Add(key, uid, Version, Now);
        }
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
        foreach (var statement in (ReadOnlySpan<Statement>)[begin, commit, rollback, count])
        {
            statement.Dispose();
        }

        resources.Dispose();
        tombstones.Dispose();
        connection.Dispose();
        mark?.Dispose();
    }
}
