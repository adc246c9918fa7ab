namespace Harmony.Fleet.Bench.Nats;

/// <summary>A piece of work that every client does alike.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Count">How often.</param>
/// <param name="Tasks">By how many at once.</param>
internal sealed record Work(string Name, WorkKind Kind, int Count, int Tasks)
{
    /// <summary>The bytes of each value.</summary>
    public const int ValueBytes = 200;

    /// <summary>Whether it leaves the bucket as it is.</summary>
    public bool OnlyReads => Kind is WorkKind.Get or WorkKind.Snapshot;

    /// <summary>All of it; the largest snapshot only when asked for, it takes a minute.</summary>
    public static IReadOnlyList<Work> All(bool full) =>
    [
        new("sequential put", WorkKind.Put, 20_000, 1),
        new("put, 256 tasks, 200,000 keys", WorkKind.Put, 200_000, 256),
        new("core publish, no ack", WorkKind.Publish, 1_000_000, 1),
        new("direct get, 1 task", WorkKind.Get, 20_000, 1),
        new("direct get, 128 tasks", WorkKind.Get, 100_000, 128),
        new("live watch, 256 writers", WorkKind.LiveWatch, 100_000, 256),
        new("snapshot of 100,000 keys", WorkKind.Snapshot, 100_000, 1),
        .. full ? [new Work("snapshot of 1,000,000 keys", WorkKind.Snapshot, 1_000_000, 1)] : Array.Empty<Work>(),
    ];
}

/// <summary>What is done.</summary>
internal enum WorkKind
{
    /// <summary>Acknowledged puts of new keys, each only where there is none.</summary>
    Put,

    /// <summary>Publishes without acknowledgement, and a round trip at the end.</summary>
    Publish,

    /// <summary>Direct gets of keys that are there.</summary>
    Get,

    /// <summary>Acknowledged puts until a watcher of the bucket has seen them all.</summary>
    LiveWatch,

    /// <summary>A new watcher, until it has seen every key.</summary>
    Snapshot,
}
