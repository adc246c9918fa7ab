namespace Harmony.Fleet.Contracts.Api;

/// <summary>A bucket, in short.</summary>
public sealed record BucketSummary
{
    /// <summary>Its name.</summary>
    public string Name { get => field ?? string.Empty; init; }

    /// <summary>How many keys hold a value.</summary>
    public long Keys { get; init; }
}
