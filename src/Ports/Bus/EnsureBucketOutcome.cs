using System.Collections.Immutable;

namespace Harmony.Fleet.Ports.Bus;

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
