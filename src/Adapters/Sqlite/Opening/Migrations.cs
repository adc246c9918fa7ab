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
        new(2, "metadata, spec and status apart, events that refer to them, and tombstones", """
            CREATE TABLE parts ( -- never changed, only forgotten
                id INTEGER PRIMARY KEY, -- 4 times the version that wrote it; and 1 more for a spec, 2 more for a status
                body BLOB NOT NULL
            );
            ALTER TABLE resources RENAME TO resources_1;
            CREATE TABLE resources (
                kind TEXT NOT NULL,
                namespace TEXT NOT NULL, -- empty for cluster-scoped kinds
                name TEXT NOT NULL,
                version INTEGER NOT NULL, -- the resourceVersion, which no part repeats
                uid TEXT NOT NULL,
                metadata INTEGER NOT NULL, -- the ids of its parts
                spec INTEGER NOT NULL, -- with apiVersion, kind and what else is neither metadata nor status
                status INTEGER,
                PRIMARY KEY (kind, namespace, name)
            ) WITHOUT ROWID;
            CREATE VIEW old AS SELECT kind, namespace, name, version, body, CAST(body AS TEXT) AS text,
                CASE WHEN json_valid(CAST(body AS TEXT)) THEN json_type(CAST(body AS TEXT), '$.metadata') IS 'object' ELSE 0 END AS whole
                FROM resources_1;
            -- What is no resource stays as it is, in all of its parts: it could not be read before, and cannot be now.
            INSERT INTO parts SELECT version * 4,
                CASE whole WHEN 1 THEN CAST(json_remove(text -> '$.metadata', '$.resourceVersion') AS BLOB) ELSE body END FROM old;
            INSERT INTO parts SELECT version * 4 + 1,
                CASE whole WHEN 1 THEN CAST(json_remove(text, '$.metadata', '$.status') AS BLOB) ELSE body END FROM old;
            INSERT INTO parts SELECT version * 4 + 2, CAST(text -> '$.status' AS BLOB) FROM old
                WHERE CASE whole WHEN 1 THEN COALESCE(json_type(text, '$.status'), 'null') <> 'null' END;
            INSERT INTO resources SELECT kind, namespace, name, version,
                CASE whole WHEN 1 THEN COALESCE(CAST(json_extract(text, '$.metadata.uid') AS TEXT), '') ELSE '' END,
                version * 4, version * 4 + 1, (SELECT id FROM parts WHERE id = version * 4 + 2) FROM old;
            DROP VIEW old;
            DROP TABLE resources_1;
            CREATE TABLE removed ( -- tombstones
                version INTEGER PRIMARY KEY, -- of the removal
                at INTEGER NOT NULL, -- milliseconds since 1970
                kind TEXT NOT NULL,
                namespace TEXT NOT NULL,
                name TEXT NOT NULL,
                uid TEXT NOT NULL -- empty where the resource could not be read
            );
            CREATE INDEX removed_uid ON removed (uid);
            INSERT INTO removed SELECT version, at, kind, namespace, name, COALESCE(CAST(json_extract(CAST(body AS TEXT), '$.metadata.uid') AS TEXT), '')
                FROM events WHERE change = 3 AND json_valid(CAST(body AS TEXT));
            -- Removals before this are not known: 0 where the log still had all of them.
            INSERT INTO counters SELECT 'removed', CASE value WHEN 0 THEN 0 ELSE COALESCE((SELECT MIN(at) FROM events), unixepoch() * 1000) END
                FROM counters WHERE name = 'forgotten';
            -- The log begins anew: watches of before list again.
            DROP TABLE events;
            CREATE TABLE events (
                version INTEGER PRIMARY KEY, -- each change takes the next version, so there are no gaps
                at INTEGER NOT NULL, -- milliseconds since 1970
                kind TEXT NOT NULL,
                namespace TEXT NOT NULL,
                name TEXT NOT NULL,
                change INTEGER NOT NULL, -- 1 added, 2 modified, 3 deleted
                bytes INTEGER NOT NULL, -- of the parts that came with it
                metadata INTEGER NOT NULL,
                spec INTEGER NOT NULL,
                status INTEGER,
                was_version INTEGER, -- what was there before, so that an older list can still be continued
                was_metadata INTEGER,
                was_spec INTEGER,
                was_status INTEGER
            );
            UPDATE counters SET value = (SELECT value FROM counters WHERE name = 'version') WHERE name = 'forgotten';
            """),
        new(3, "removals among the events by name", "CREATE INDEX events_removals ON events (kind, namespace, name, version) WHERE change = 3"),
    ];
}
