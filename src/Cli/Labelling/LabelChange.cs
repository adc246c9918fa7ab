using Harmony.Fleet.Cli.Outcomes;
using Harmony.Fleet.Cli.Parsing;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Cli.Labelling;

/// <summary>One label to set or to remove.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Value">Its value; null to remove it.</param>
internal sealed record LabelChange(string Key, string? Value)
{
    /// <summary>Parses <c>key=value</c> or <c>key-</c>.</summary>
    public static Outcome<LabelChange> Parse(string text)
    {
        if (!text.EndsWith('-') || text.Contains('=', StringComparison.Ordinal))
        {
            var pair = PairText.Label(text);
            return pair.IsOk ? new LabelChange(pair.Value.Key, pair.Value.Value) : pair.Error;
        }

        return LabelSyntax.KeyError(text[..^1]) is { } error ? CliError.Usage($"'{text}' is no label", error) : new LabelChange(text[..^1], null);
    }
}
