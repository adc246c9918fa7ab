using System.Collections.Immutable;

namespace Harmony.Fleet.Ports.Bus;

/// <summary>What only the control plane may do to the bus.</summary>
public interface IBusAdmin
{
    /// <summary>Makes sure that the bucket exists with exactly these settings: creates it, or corrects what differs.</summary>
    Task<EnsureBucketOutcome> EnsureBucketAsync(BucketSettings settings, CancellationToken cancellationToken);

    /// <summary>
    /// Removes delete markers, each only while it is what the bucket holds of its key: what was written since stays. No watch is told. From then on a key is as one that never was:
    /// its last revision is 0.
    /// </summary>
    /// <param name="bucket">Whose.</param>
    /// <param name="markers">As <see cref="IBucket.MarkersAsync"/> tells them.</param>
    /// <param name="cancellationToken">Gives up; those that were removed are.</param>
    Task<PurgeMarkersOutcome> PurgeMarkersAsync(string bucket, IReadOnlyCollection<BucketEntry> markers, CancellationToken cancellationToken);
}

/// <summary>What became of delete markers that were to go.</summary>
public abstract record PurgeMarkersOutcome
{
    private PurgeMarkersOutcome()
    {
    }

    /// <summary>None of them is there any more.</summary>
    /// <param name="Count">How many were removed now; the others were replaced or gone before.</param>
    public sealed record Purged(int Count) : PurgeMarkersOutcome;

    /// <summary>Some of them may be there still: the bus or the bucket is away, or did not answer in time, or it refused.</summary>
    /// <param name="Reason">One sentence.</param>
    public sealed record Unavailable(string Reason) : PurgeMarkersOutcome;
}

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

    /// <summary>How many servers hold it; null for one where it is made, and as many as there are where it is there.</summary>
    public int? Replicas { get; init; }

    /// <summary>Positive: since 2.15 a server allows only 1,000 consumers unless told.</summary>
    public int MaxConsumers { get; init; } = 1024;

    /// <summary>The prefix under which each stored value is published after it was stored, the key following; null for none.</summary>
    public string? RepublishPrefix { get; init; }

    /// <summary>What it is for.</summary>
    public string Description { get; init; } = string.Empty;
}

/// <summary>What became of a bucket whose settings were asked for.</summary>
public abstract record EnsureBucketOutcome
{
    private EnsureBucketOutcome()
    {
    }

    /// <summary>It was not there; it is now.</summary>
    public sealed record Created : EnsureBucketOutcome;

    /// <summary>It was there, as it should be.</summary>
    public sealed record Verified : EnsureBucketOutcome;

    /// <summary>It was there with other settings, which were corrected.</summary>
    /// <param name="Differences">Each as <c>setting: found, wanted</c>.</param>
    public sealed record Corrected(ImmutableArray<string> Differences) : EnsureBucketOutcome;

    /// <summary>It is there with settings that cannot be changed in place.</summary>
    /// <param name="Differences">Each as <c>setting: found, wanted</c>.</param>
    /// <param name="Reason">What the server said.</param>
    public sealed record Mismatch(ImmutableArray<string> Differences, string Reason) : EnsureBucketOutcome;

    /// <summary>The bus is away, or did not answer in time: try again.</summary>
    /// <param name="Reason">One sentence.</param>
    public sealed record Unavailable(string Reason) : EnsureBucketOutcome;
}
