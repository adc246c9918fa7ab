using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Core.Validation;

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

/// <summary>Reads encrypted scores, strictly.</summary>
internal static class ScoreReader
{
    /// <summary>The score that <paramref name="entry"/> names, from what was found at its address.</summary>
    public static ScoreState Read(ManifestEntry entry, ReadOnlySpan<byte> ciphertext) => ScoreSealer.Open(entry, ciphertext) switch
    {
        UnsealOutcome.Opened opened => Parse(opened.Plain),
        UnsealOutcome.Refused refused => new ScoreState.Missing($"The score cannot be opened: {refused.Reason}."),
        _ => throw new InvalidOperationException("An outcome of opening a score is not known."),
    };

    private static ScoreState Parse(byte[] plain) => CanonicalScore.Parse(plain) switch
    {
        ScoreParseOutcome.Parsed parsed => Check(parsed.Score),
        ScoreParseOutcome.UnknownField unknown => new ScoreState.Unusable(unknown.Message),
        ScoreParseOutcome.Malformed malformed => new ScoreState.Unusable($"The score cannot be used: {malformed.Reason}."),
        _ => throw new InvalidOperationException("An outcome of parsing a score is not known."),
    };

    private static ScoreState Check(ReconcileScore score)
    {
        var errors = ScoreRules.Check(score, "score").Select(error => error.ToString()).ToArray();
        return errors.Length > 0
            ? new ScoreState.Unusable($"The score cannot be used: {string.Join("; ", errors)}")
            : new ScoreState.Ready(score.PodmanV0!);
    }
}
