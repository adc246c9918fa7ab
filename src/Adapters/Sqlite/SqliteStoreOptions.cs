namespace Harmony.Fleet.Adapters.Sqlite;

/// <summary>Where a store lives, and how much of its history it keeps.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>The database file. Beside it lie its write-ahead log, its mark, its lock and the pid of the lock's holder.</summary>
    public required string Path { get; init; }

    /// <summary>The most changes kept for watches; default 50,000.</summary>
    public int MaxEvents { get; init; } = 50_000;

    /// <summary>The most bytes of changes kept for watches; default 256 MiB.</summary>
    public long MaxEventBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>How long changes are kept for watches; default 1 hour.</summary>
    public TimeSpan MaxEventAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The most removals that are remembered; default 1,000,000.</summary>
    public int MaxTombstones { get; init; } = 1_000_000;

    /// <summary>How long removals are remembered, in time for which the store is open; default 90 days.</summary>
    public TimeSpan MaxTombstoneAge { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How often a quiet watch says how far it is; default 30 s.</summary>
    public TimeSpan BookmarkInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether each commit is marked beside the database, so that acknowledged writes that are lost are known; default true.</summary>
    public bool IsMarked { get; init; } = true;

    /// <summary>The largest database file in bytes, beyond which writes are refused as on a full disk; null for no limit.</summary>
    public long? MaxFileBytes { get; init; }

    /// <summary>
    /// The largest write-ahead log in bytes, beyond which new reads wait for a moment, until those that run have ended and it is taken into the database; default 64 MiB.
    /// While a copy is made it may grow further.
    /// </summary>
    public long MaxLogBytes { get; init; } = 64L * 1024 * 1024;
}
