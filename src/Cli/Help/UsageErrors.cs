using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Harmony.Fleet.Cli.Parsing;

namespace Harmony.Fleet.Cli.Help;

/// <summary>What is wrong with a command line, and what was probably meant.</summary>
internal static class UsageErrors
{
    /// <summary>One sentence for each error; empty where the command line can run.</summary>
    public static List<string> Find(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens.Count > 0 && command.Subcommands.Count > 0)
        {
            return [Unknown(parsed, parsed.UnmatchedTokens[0])];
        }

        if (parsed.Action is ExamplesHelpAction || (parsed.Errors.Count == 0 && TakenForArguments(parsed).Count == 0))
        {
            return [];
        }

        if (command.Subcommands.Count > 0)
        {
            return [$"{Name(parsed)} needs to be told what: {string.Join(" or ", command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name))}"];
        }

        // An option that is not known is taken for an argument wherever there is room for one.
        return TakenForArguments(parsed) is [var option, ..]
            ? [Unknown(parsed, option)]
            : [.. parsed.UnmatchedTokens.Select(token => Unknown(parsed, token)), .. Others(parsed)];
    }

    /// <summary>The command line that shows the help of the command that was meant.</summary>
    public static string HelpFor(ParseResult parsed) => $"{Name(parsed)} --help";

    private static string Name(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (SymbolResult? result = parsed.CommandResult; result is CommandResult { Command: not RootCommand } command; result = result.Parent)
        {
            names.Push(command.Command.Name);
        }

        return string.Join(' ', names.Prepend("fleet"));
    }

    private static List<string> TakenForArguments(ParseResult parsed) => parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash)
        ? []
        : [.. parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(result => result.Tokens).Select(token => token.Value).Where(text => text.Length > 1 && text[0] == '-')];

    private static IEnumerable<string> Others(ParseResult parsed) =>
        parsed.Errors.Select(error => error.Message.TrimEnd('.'))
            .Where(message => !parsed.UnmatchedTokens.Any(token => message.Contains($"'{token}'", StringComparison.Ordinal)))
            .Distinct(StringComparer.Ordinal);

    private static string Unknown(ParseResult parsed, string token)
    {
        var command = parsed.CommandResult.Command;
        var isOption = token.StartsWith('-');
        var what = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
        var known = isOption ? Options(parsed) : command.Subcommands.SelectMany(sub => sub.Aliases.Prepend(sub.Name));
        var meant = Suggestion.For(token.Split('=')[0], known);
        return $"{Name(parsed)} knows no {what} '{token}'{(meant is null ? string.Empty : $": did you mean '{meant}'?")}";
    }

    private static IEnumerable<string> Options(ParseResult parsed)
    {
        for (SymbolResult? result = parsed.CommandResult; result is CommandResult command; result = result.Parent)
        {
            foreach (var option in command.Command.Options.Where(option => option.Recursive || ReferenceEquals(command, parsed.CommandResult) || option is HelpOption))
            {
                yield return option.Name;
            }
        }
    }
}
