namespace Harmony.Fleet.Ports.Bus;

/// <summary>How a bucket is stored and guarded. Roll-up headers are always denied, direct get always allowed, history is 1.</summary>
public sealed record BucketSettings
{
    /// <summary>The bucket's name.</summary>
    public required string Name { get; init; }

    /// <summary>Kept in memory instead of on disk.</summary>
    public bool InMemory { get; init; }

    /// <summary>The largest value, in bytes, headers not counted.</summary>
    public int MaxValueBytes { get; init; } = 64 * 1024;

    /// <summary>The largest bucket, in bytes; -1 for no limit of its own.</summary>
    public long MaxBytes { get; init; } = -1;

    /// <summary>Positive: since 2.15 a server allows only 1,000 consumers unless told.</summary>
    public int MaxConsumers { get; init; } = 1024;

    /// <summary>The prefix under which each stored value is published after it was stored, the key following; null for none.</summary>
    public string? RepublishPrefix { get; init; }

    /// <summary>What it is for.</summary>
    public string Description { get; init; } = string.Empty;
}
