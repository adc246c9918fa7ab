namespace Harmony.Fleet.Contracts.Api;

/// <summary>One NDJSON line of a log: either a piece of it, or as the last line why it could not be read on.</summary>
public sealed record LogLine
{
    /// <summary><c>stdout</c> or <c>stderr</c>.</summary>
    public string? Stream { get; init; }

    /// <summary>What the container wrote: any piece, which need not end with a line.</summary>
    public string? Text { get; init; }

    /// <summary>One sentence: why there is no more.</summary>
    public string? Error { get; init; }
}
