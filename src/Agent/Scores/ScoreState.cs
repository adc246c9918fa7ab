using Harmony.Fleet.Contracts.Scores;

namespace Harmony.Fleet.Agent.Scores;

/// <summary>What is known of one score.</summary>
internal abstract record ScoreState
{
    private ScoreState()
    {
    }

    /// <summary>It can be carried out.</summary>
    /// <param name="Score">It.</param>
    public sealed record Ready(PodmanV0Score Score) : ScoreState;

    /// <summary>It is what the manifest names, and cannot be carried out here.</summary>
    /// <param name="Reason">One sentence.</param>
    public sealed record Unusable(string Reason) : ScoreState;

    /// <summary>It is being fetched.</summary>
    /// <param name="Reason">Why it is not here yet; null while nobody knows.</param>
    public sealed record Awaited(string? Reason) : ScoreState;

    /// <summary>The bus does not have it, or has something else in its place. It is tried again.</summary>
    /// <param name="Reason">One sentence.</param>
    public sealed record Missing(string Reason) : ScoreState;
}
