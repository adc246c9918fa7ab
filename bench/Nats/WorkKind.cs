namespace Harmony.Fleet.Bench.Nats;

/// <summary>What is done.</summary>
internal enum WorkKind
{
    /// <summary>Acknowledged puts of new keys.</summary>
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
