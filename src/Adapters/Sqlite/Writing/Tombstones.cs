using Harmony.Fleet.Adapters.Sqlite.Opening;
using Microsoft.Data.Sqlite;

namespace Harmony.Fleet.Adapters.Sqlite.Writing;

/// <summary>What was removed, so that it can be told from what was lost; within limits of count and age. Used by the writer's thread.</summary>
internal sealed class Tombstones : IDisposable
{
    /// <summary>The most forgotten at once, so that no write waits long.</summary>
    private const int MaxStep = 2_000;

    /// <summary>How often age is looked at.</summary>
    private static readonly TimeSpan AgeCheckInterval = TimeSpan.FromMinutes(10);

    private readonly Statement add;
    private readonly Statement find;
    private readonly Statement oldest;
    private readonly Statement forget;
    private readonly Statement note;
    private readonly int max;
    private readonly TimeSpan maxAge;
    private long held;
    private long current;
    private DateTimeOffset nextAgeCheck;

    public Tombstones(SqliteConnection connection, int max, TimeSpan maxAge)
    {
        (this.max, this.maxAge) = (max, maxAge);
        add = new Statement(connection, "INSERT INTO removed VALUES ($v, $at, $k, $s, $n, $u)", "$v", "$at", "$k", "$s", "$n", "$u");
        find = new Statement(connection, "SELECT 1 FROM removed WHERE uid = $u AND kind = $k AND namespace = $s AND name = $n", "$u", "$k", "$s", "$n");
        oldest = new Statement(connection, "SELECT version, at FROM removed ORDER BY version LIMIT $l", "$l");
        forget = new Statement(connection, "DELETE FROM removed WHERE version <= $v", "$v");
        note = new Statement(connection, "UPDATE counters SET value = MAX(value, $v) WHERE name = 'removed'", "$v");
        held = current = SchemaGuard.Number(connection, "SELECT COUNT(*) FROM removed");
    }

    /// <summary>Remembers a removal.</summary>
    public void Add(RowKey key, string uid, long version, long at)
    {
        add.Run(version, at, key.Kind, key.Namespace, key.Name, uid);
        current++;
    }

    /// <summary>Whether a removal is remembered: of this name and this uid, as a device may say another's uid under any name.</summary>
    public bool Has(RowKey key, string uid)
    {
        using var row = find.Read(uid, key.Kind, key.Namespace, key.Name);
        return row.Read();
    }

    /// <summary>Forgets the oldest where a limit is passed, and from when on all are known.</summary>
    public void Trim(DateTimeOffset now)
    {
        if (now < nextAgeCheck && current <= max)
        {
            return;
        }

        nextAgeCheck = now + AgeCheckInterval;
        var (count, last, at) = Needless((now - maxAge).ToUnixTimeMilliseconds());
        if (count > 0)
        {
            forget.Run(last);
            note.Run(at + 1);
            current -= count;
        }
    }

    /// <summary>The transaction stands.</summary>
    public void Keep() => held = current;

    /// <summary>The transaction was undone.</summary>
    public void Undo() => current = held;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<Statement>)[add, find, oldest, forget, note])
        {
            statement.Dispose();
        }
    }

    private (int Count, long Last, long At) Needless(long oldestKept)
    {
        // Some slack, so that it is not done at each removal.
        var excess = current > max ? current - max + (max / 100) : 0;
        var (count, last, at) = (0, 0L, 0L);
        using var rows = oldest.Read(MaxStep);
        while (rows.Read() && (count < excess || rows.GetInt64(1) < oldestKept))
        {
            (count, last, at) = (count + 1, rows.GetInt64(0), Math.Max(at, rows.GetInt64(1)));
        }

        return (count, last, at);
    }
}
