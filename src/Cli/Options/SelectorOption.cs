using System.CommandLine;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Cli.Options;

/// <summary>The option <c>-l</c>.</summary>
internal static class SelectorOption
{
    /// <summary>A new one.</summary>
    public static Option<string?> Create() => new("--selector", "-l")
    {
        Description = "Only those with these labels: 'a=b,c!=d,e in (f,g),h,!i'.",
        HelpName = "SELECTOR",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (SelectorText.Parse(text) is SelectorTextOutcome.Invalid invalid)
            {
                result.AddError(Wrong(text, invalid));
            }

            return text;
        },
    };

    /// <summary>Why <paramref name="text"/> is no selector.</summary>
    public static string Wrong(string text, SelectorTextOutcome.Invalid invalid)
    {
        const string Prefix = "unable to parse requirement: "; // as Kubernetes begins
        return $"--selector '{text}' is no selector: {(invalid.Reason.StartsWith(Prefix, StringComparison.Ordinal) ? invalid.Reason[Prefix.Length..] : invalid.Reason)}";
    }
}
