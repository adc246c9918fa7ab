using Harmony.Fleet.Adapters.Sqlite.Opening;
using Microsoft.Data.Sqlite;

namespace Harmony.Fleet.Adapters.Sqlite.Writing;

/// <summary>Keeps the log of events within its limits of count, bytes and age. Used by the writer's thread.</summary>
internal sealed class EventRetention
{
    /// <summary>The most events forgotten at once, so that no write waits long.</summary>
    private const int MaxStep = 2_000;

    /// <summary>Parts that only forgotten events name: each one that was replaced, and all of what was removed. No earlier event is left, and no later one names them.</summary>
    private const string NeedlessParts = """
        DELETE FROM parts WHERE id IN (
            SELECT was_metadata FROM events WHERE version <= $v AND (was_metadata IS NOT metadata OR change = 3)
            UNION ALL SELECT was_spec FROM events WHERE version <= $v AND (was_spec IS NOT spec OR change = 3)
            UNION ALL SELECT was_status FROM events WHERE version <= $v AND (was_status IS NOT status OR change = 3)
            UNION ALL SELECT metadata FROM events WHERE version <= $v AND change = 3
            UNION ALL SELECT spec FROM events WHERE version <= $v AND change = 3)
        """;

    /// <summary>How often age is looked at.</summary>
    private static readonly TimeSpan AgeCheckInterval = TimeSpan.FromSeconds(30);

    private readonly int maxEvents;
    private readonly long maxBytes;
    private readonly TimeSpan maxAge;
    private State held;
    private State current;
    private DateTimeOffset nextAgeCheck;

    public EventRetention(SqliteConnection connection, int maxEvents, long maxBytes, TimeSpan maxAge)
    {
        (this.maxEvents, this.maxBytes, this.maxAge) = (maxEvents, maxBytes, maxAge);
        held = current = new State(
            SchemaGuard.Number(connection, "SELECT value FROM counters WHERE name = 'forgotten'"),
            SchemaGuard.Number(connection, "SELECT COALESCE(SUM(bytes), 0) FROM events"));
    }

    /// <summary>Counts an event.</summary>
    public void Added(int bytes) => current = current with { Bytes = current.Bytes + bytes };

    /// <summary>Forgets the oldest events where a limit is passed, with some slack so that it is not done at each write.</summary>
    public void Trim(SqliteConnection connection, long version, DateTimeOffset now)
    {
        // A clock that was ahead had the next look set far off.
        var ageIsDue = now >= nextAgeCheck || nextAgeCheck - now > AgeCheckInterval;
        if (!ageIsDue && version - current.Forgotten <= maxEvents && current.Bytes <= maxBytes)
        {
            return;
        }

        nextAgeCheck = now + AgeCheckInterval;
        var (target, freed) = Target(connection, version, now);
        if (target == current.Forgotten)
        {
            return;
        }

        current = new State(target, current.Bytes - freed);
        using var parts = new Statement(connection, NeedlessParts, "$v");
        parts.Run(target);
        using var delete = new Statement(connection, "DELETE FROM events WHERE version <= $v", "$v");
        delete.Run(target);
        using var count = new Statement(connection, "UPDATE counters SET value = $v WHERE name = 'forgotten'", "$v");
        count.Run(target);
    }

    /// <summary>Forgets all events, within a transaction of the caller: watches list again.</summary>
    /// <param name="connection">The database, of which no retention has been made yet.</param>
    /// <param name="last">The version of the last event.</param>
    /// <param name="forgotten">Up to which version nothing is known any more.</param>
    public static void ForgetAll(SqliteConnection connection, long last, long forgotten)
    {
        using var parts = new Statement(connection, NeedlessParts, "$v");
        parts.Run(last);
        using var delete = new Statement(connection, "DELETE FROM events WHERE version <= $v", "$v");
        delete.Run(last);
        using var count = new Statement(connection, "UPDATE counters SET value = $v WHERE name = 'forgotten'", "$v");
        count.Run(forgotten);
    }

    /// <summary>The transaction stands.</summary>
    public void Keep() => held = current;

    /// <summary>The transaction was undone.</summary>
    public void Undo() => current = held;

    private (long Target, long Freed) Target(SqliteConnection connection, long version, DateTimeOffset now)
    {
        var (target, freed, oldest) = (current.Forgotten, 0L, (now - maxAge).ToUnixTimeMilliseconds());
        var keepEvents = maxEvents - (maxEvents / 10);
        var keepBytes = maxBytes - (maxBytes / 10);
        var overCount = version - current.Forgotten > maxEvents;
        var overBytes = current.Bytes > maxBytes;
        using var select = new Statement(connection, "SELECT version, at, bytes FROM events ORDER BY version LIMIT $l", "$l");
        using var reader = select.Read(MaxStep);
        while (reader.Read())
        {
            var needless = (overCount && version - target > keepEvents)
                || (overBytes && current.Bytes - freed > keepBytes)
                || reader.GetInt64(1) < oldest;
            if (!needless)
            {
                break;
            }

            target = reader.GetInt64(0);
            freed += reader.GetInt64(2);
        }

        return (target, freed);
    }

    /// <param name="Forgotten">The version up to which events are gone.</param>
    /// <param name="Bytes">Of the parts that the events which are left came with.</param>
    private readonly record struct State(long Forgotten, long Bytes);
}
