using Harmony.Fleet.Adapters.Sqlite.Opening;
using Microsoft.Data.Sqlite;

namespace Harmony.Fleet.Adapters.Sqlite.Writing;

/// <summary>
/// What was removed, so that it can be told from what was lost; within limits of count and age. Age counts the time for which the store was open: a clock that is ahead for a
/// moment takes nothing away. Used by the writer's thread.
/// </summary>
internal sealed class Tombstones : IDisposable
{
    /// <summary>The most forgotten at once, so that no write waits long.</summary>
    private const int MaxStep = 2_000;

    /// <summary>How often age is looked at.</summary>
    private static readonly TimeSpan AgeCheckInterval = TimeSpan.FromMinutes(10);

    /// <summary>The counter that keeps <see cref="State.Reached"/> from one opening to the next.</summary>
    private const string Reached = "removed reached";

    private readonly TimeProvider clock;
    private readonly Statement add;
    private readonly Statement find;
    private readonly Statement oldest;
    private readonly Statement forget;
    private readonly Statement note;
    private readonly Statement reach;
    private readonly int max;
    private readonly TimeSpan maxAge;
    private State held;
    private State current;

    public Tombstones(SqliteConnection connection, int max, TimeSpan maxAge, TimeProvider clock)
    {
        (this.max, this.maxAge, this.clock) = (max, maxAge, clock);
        add = new Statement(connection, "INSERT INTO removed VALUES ($v, $at, $k, $s, $n, $u)", "$v", "$at", "$k", "$s", "$n", "$u");
        find = new Statement(connection, "SELECT 1 FROM removed WHERE uid = $u AND kind = $k AND namespace = $s AND name = $n", "$u", "$k", "$s", "$n");
        oldest = new Statement(connection, "SELECT version, at FROM removed ORDER BY version LIMIT $l", "$l");
        forget = new Statement(connection, "DELETE FROM removed WHERE version <= $v", "$v");
        note = new Statement(connection, "UPDATE counters SET value = MAX(value, $v) WHERE name = 'removed'", "$v");
        reach = new Statement(connection, $"INSERT INTO counters VALUES ('{Reached}', $v) ON CONFLICT (name) DO UPDATE SET value = $v", "$v");
        var reached = SchemaGuard.Number(
            connection, $"SELECT COALESCE((SELECT value FROM counters WHERE name = '{Reached}'), (SELECT at FROM removed ORDER BY version DESC LIMIT 1), {clock.GetUtcNow().ToUnixTimeMilliseconds()})");
        held = current = new State(SchemaGuard.Number(connection, "SELECT COUNT(*) FROM removed"), reached, null);
    }

    /// <summary>Remembers a removal.</summary>
    public void Add(RowKey key, string uid, long version, long at)
    {
        add.Run(version, at, key.Kind, key.Namespace, key.Name, uid);
        current = current with { Count = current.Count + 1 };
    }

    /// <summary>Whether a removal is remembered: of this name and this uid, as a device may say another's uid under any name.</summary>
    public bool Has(RowKey key, string uid)
    {
        using var row = find.Read(uid, key.Kind, key.Namespace, key.Name);
        return row.Read();
    }

    /// <summary>Forgets the oldest where a limit is passed, and from when on all are known.</summary>
    public void Trim()
    {
        var now = clock.GetTimestamp();
        var passed = current.LookedAt is { } before ? clock.GetElapsedTime(before, now) : TimeSpan.Zero;
        if (current.LookedAt is not null && passed < AgeCheckInterval && current.Count <= max)
        {
            return;
        }

        current = current with { Reached = current.Reached + (long)passed.TotalMilliseconds, LookedAt = now };
        reach.Run(current.Reached);
        var (count, last, at) = Needless(Math.Min(current.Reached, clock.GetUtcNow().ToUnixTimeMilliseconds()) - (long)maxAge.TotalMilliseconds);
        if (count > 0)
        {
            forget.Run(last);
            note.Run(at + 1);
            current = current with { Count = current.Count - count };
        }
    }

    /// <summary>The transaction stands.</summary>
    public void Keep() => held = current;

    /// <summary>The transaction was undone.</summary>
    public void Undo() => current = held;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<Statement>)[add, find, oldest, forget, note, reach])
        {
            statement.Dispose();
        }
    }

    private (int Count, long Last, long At) Needless(long oldestKept)
    {
        // Some slack, so that it is not done at each removal.
        var excess = current.Count > max ? current.Count - max + (max / 100) : 0;
        var (count, last, at) = (0, 0L, 0L);
        using var rows = oldest.Read(MaxStep);
        while (rows.Read() && (count < excess || rows.GetInt64(1) < oldestKept))
        {
            (count, last, at) = (count + 1, rows.GetInt64(0), Math.Max(at, rows.GetInt64(1)));
        }

        return (count, last, at);
    }

    /// <param name="Count">How many are remembered.</param>
    /// <param name="Reached">Where the clock would be had it gone on only while the store was open, in milliseconds since 1970. It begins with the newest removal.</param>
    /// <param name="LookedAt">The timestamp of the last look; null for none since the opening.</param>
    private readonly record struct State(long Count, long Reached, long? LookedAt);
}
