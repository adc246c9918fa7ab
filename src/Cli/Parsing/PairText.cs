using Harmony.Fleet.Cli.Outcomes;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Cli.Parsing;

/// <summary>Pairs as flags take them.</summary>
internal static class PairText
{
    /// <summary>A variable: <c>KEY=VALUE</c>; the value may hold anything.</summary>
    public static Outcome<KeyValuePair<string, string>> Variable(string text) =>
        text.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals
            ? KeyValuePair.Create(text[..equals], text[(equals + 1)..])
            : CliError.Usage($"--env '{text}' is no variable", "write KEY=VALUE");

    /// <summary>A label: <c>key=value</c>, by Kubernetes' rules.</summary>
    public static Outcome<KeyValuePair<string, string>> Label(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1)
        {
            return CliError.Usage($"'{text}' is no label", "write key=value");
        }

        var (key, value) = (text[..equals], text[(equals + 1)..]);
        return (LabelSyntax.KeyError(key) ?? LabelSyntax.ValueError(value)) is { } error
            ? CliError.Usage($"'{text}' is no label", error)
            : KeyValuePair.Create(key, value);
    }
}
