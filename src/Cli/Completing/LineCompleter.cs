using System.CommandLine;
using Harmony.Fleet.Cli.Help;
using Harmony.Fleet.Contracts.Texts;

namespace Harmony.Fleet.Cli.Completing;

/// <summary>What a command line may go on with.</summary>
internal static class LineCompleter
{
    /// <summary>Each way to finish the last word of <paramref name="line"/> (which begins with the program's name): the word, a tab, what it means.</summary>
    public static IEnumerable<string> Complete(RootCommand root, string line)
    {
        var rest = line.TrimStart();
        var space = rest.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0)
        {
            return [];
        }

        rest = rest[(space + 1)..];
        var word = rest[(rest.LastIndexOf(' ') + 1)..];
        var equals = word.StartsWith('-') ? word.IndexOf('=', StringComparison.Ordinal) : -1;

        // The parser completes a value after a space only.
        var asked = equals < 0 ? rest : $"{rest[..^word.Length]}{word[..equals]} {word[(equals + 1)..]}";
        var prefix = equals < 0 ? string.Empty : word[..(equals + 1)];
        var begun = equals < 0 ? word : word[(equals + 1)..];
        var parsed = root.Parse(asked);
        var refused = parsed.CommandResult.Command is CliCommand command ? command.Refused : [];
        return root.Parse(asked[..^begun.Length]).UnmatchedTokens.Count > 0 ? [] : parsed.GetCompletions(asked.Length)
            .Where(item => item.Label.StartsWith(begun, StringComparison.Ordinal) && !refused.Any(option => option.Name == item.Label) && item.Label == Printable.Word(item.Label) && IsShown(item.Label, begun, equals >= 0))
            .Select(item => item.Detail is { Length: > 0 } detail ? $"{prefix}{item.Label}\t{Printable.Line(detail)}" : prefix + item.Label);
    }

    /// <summary>Options are named once somebody has begun one, and aliases of one letter not at all.</summary>
    private static bool IsShown(string label, string begun, bool isValue) =>
        !label.StartsWith('-') || (!isValue && begun.StartsWith('-') && label.StartsWith("--", StringComparison.Ordinal));
}
