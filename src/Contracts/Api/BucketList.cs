using System.Collections.Immutable;

namespace Harmony.Fleet.Contracts.Api;

/// <summary>The buckets of the bus.</summary>
public sealed record BucketList
{
    /// <summary>Them, by name.</summary>
    public ImmutableArray<BucketSummary> Items { get => field.IsDefault ? [] : field; init; }
}
