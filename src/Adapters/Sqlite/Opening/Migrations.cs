using System.Collections.Immutable;

namespace Harmony.Fleet.Adapters.Sqlite.Opening;

/// <summary>The schema's steps, oldest first.</summary>
internal static class Migrations
{
    /// <summary>All of them.</summary>
    public static ImmutableArray<Migration> All { get; } =
    [
        new(1, "resources, their events, and counters", """
            CREATE TABLE resources (
                kind TEXT NOT NULL,
                namespace TEXT NOT NULL, -- empty for cluster-scoped kinds
                name TEXT NOT NULL,
                version INTEGER NOT NULL, -- the resourceVersion, also in the body
                body BLOB NOT NULL,
                PRIMARY KEY (kind, namespace, name)
            ) WITHOUT ROWID;
            CREATE TABLE events (
                version INTEGER PRIMARY KEY, -- each change takes the next version, so there are no gaps
                at INTEGER NOT NULL, -- milliseconds since 1970
                kind TEXT NOT NULL,
                namespace TEXT NOT NULL,
                name TEXT NOT NULL,
                change INTEGER NOT NULL, -- 1 added, 2 modified, 3 deleted
                body BLOB NOT NULL,
                previous BLOB -- what was there before, so that an older list can still be continued
            );
            CREATE TABLE counters (
                name TEXT PRIMARY KEY,
                value INTEGER NOT NULL
            ) WITHOUT ROWID;
            INSERT INTO counters VALUES ('version', 0), ('forgotten', 0), ('term', 0);
            """),
    ];
}
