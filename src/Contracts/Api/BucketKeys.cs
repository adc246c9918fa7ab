using System.Collections.Immutable;

namespace Harmony.Fleet.Contracts.Api;

/// <summary>The keys of a bucket that hold a value.</summary>
public sealed record BucketKeys
{
    /// <summary>Them, in order.</summary>
    public ImmutableArray<string> Items { get => field.IsDefault ? [] : field; init; }
}
