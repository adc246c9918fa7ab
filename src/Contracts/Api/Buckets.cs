using System.Collections.Immutable;
using System.Text.Json;

namespace Harmony.Fleet.Contracts.Api;

/// <summary>A value of a bucket, and each NDJSON line of a watch on it.</summary>
public sealed record BucketValue
{
    /// <summary>Its key.</summary>
    public string Key { get => field ?? string.Empty; init; }

    /// <summary>The bucket's sequence number of it.</summary>
    public ulong Revision { get; init; }

    /// <summary>When it was stored, by the server's clock.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>Whether the key was deleted: there is no value then.</summary>
    public bool Deleted { get; init; }

    /// <summary>The MAC that came with it; null without one.</summary>
    public string? Mac { get; init; }

    /// <summary>The value where it is JSON that can be written as such.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>The value in base64, where it is no JSON, or JSON that cannot be written again: nested too deeply, or with text that is no Unicode (half of a surrogate pair).</summary>
    public byte[]? Base64 { get; init; }
}

/// <summary>A bucket, in short.</summary>
public sealed record BucketSummary
{
    /// <summary>Its name.</summary>
    public string Name { get => field ?? string.Empty; init; }

    /// <summary>How many keys hold a value.</summary>
    public long Keys { get; init; }
}

/// <summary>The buckets of the bus.</summary>
public sealed record BucketList
{
    /// <summary>Them, by name.</summary>
    public ImmutableArray<BucketSummary> Items { get => field.IsDefault ? [] : field; init; }
}

/// <summary>The keys of a bucket that hold a value.</summary>
public sealed record BucketKeys
{
    /// <summary>Them, in order.</summary>
    public ImmutableArray<string> Items { get => field.IsDefault ? [] : field; init; }
}
