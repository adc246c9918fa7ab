using Harmony.Fleet.Contracts.Scores;

namespace Harmony.Fleet.Core.Trust;

/// <summary>What a plain score turned out to be.</summary>
public abstract record ScoreParseOutcome
{
    private ScoreParseOutcome()
    {
    }

    /// <summary>A score, every field of which is known here. Its values are not validated yet.</summary>
    /// <param name="Score">It.</param>
    public sealed record Parsed(ReconcileScore Score) : ScoreParseOutcome;

    /// <summary>It has a field, or a value, that this program does not know: carrying it out in part would be wrong.</summary>
    /// <param name="Field">Where, for example <c>PodmanV0.containers[0].gpu</c>.</param>
    public sealed record UnknownField(string Field) : ScoreParseOutcome
    {
        /// <summary>One sentence for people.</summary>
        public string Message => $"agent too old for field {Field}";
    }

    /// <summary>It is no score.</summary>
    /// <param name="Reason">One sentence.</param>
    public sealed record Malformed(string Reason) : ScoreParseOutcome;
}
