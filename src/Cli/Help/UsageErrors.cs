using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Harmony.Fleet.Cli.Parsing;

namespace Harmony.Fleet.Cli.Help;

/// <summary>What is wrong with a command line, and what was probably meant.</summary>
internal static class UsageErrors
{
    /// <summary>What of the words the parser would not see, or see otherwise than they were meant; null where there is nothing.</summary>
    public static string? Unreadable(IReadOnlyList<string> arguments)
    {
        if (arguments.FirstOrDefault(argument => argument.Contains('\ufffd', StringComparison.Ordinal)) is { } broken)
        {
            return $"'{broken}' holds bytes that are no UTF-8 text: write it in UTF-8, or in a file";
        }

        // The parser would take the next word for its value.
        var empty = arguments.TakeWhile(argument => argument != "--").FirstOrDefault(argument => argument.StartsWith("--", StringComparison.Ordinal) && argument.IndexOf('=', StringComparison.Ordinal) == argument.Length - 1);
        return empty is null ? null : $"{empty.TrimEnd('=')} is empty: say what, or leave it out";
    }

    /// <summary>One sentence for each error; empty where the command line can run.</summary>
    public static List<string> Find(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens.Count > 0 && command.Subcommands.Count > 0)
        {
            return [Unknown(parsed, parsed.UnmatchedTokens[0])];
        }

        if (parsed.Action is not ExamplesHelpAction && Empty(parsed) is { Count: > 0 } empty)
        {
            return empty;
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

    /// <summary>What shows the help of the command that was meant, after the program's name.</summary>
    public static string HelpFor(ParseResult parsed) => string.Concat(Names(parsed).Append("--help").Select(word => $" {word}"));

    private static string Name(ParseResult parsed) => string.Join(' ', Names(parsed).Prepend("fleet"));

    private static Stack<string> Names(ParseResult parsed)
    {
        var names = new Stack<string>();
        foreach (var command in Commands(parsed).Where(command => command is not RootCommand))
        {
            names.Push(command.Name);
        }

        return names;
    }

    /// <summary>The command that was named, and those above it.</summary>
    private static IEnumerable<Command> Commands(ParseResult parsed)
    {
        for (SymbolResult? result = parsed.CommandResult; result is CommandResult command; result = result.Parent)
        {
            yield return command.Command;
        }
    }

    private static List<string> TakenForArguments(ParseResult parsed) => parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash)
        ? []
        : [.. parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(result => result.Tokens).Select(token => token.Value).Where(text => text.Length > 1 && text[0] == '-')];

    /// <summary>
    /// Options without a word in them, which an unset variable of a script leaves behind (<c>--data "$FOLDER"</c>): they must not be taken for
    /// left out, because that means another fleet, or all of it. Words for a container may be empty.
    /// </summary>
    private static List<string> Empty(ParseResult parsed) =>
    [
        .. Commands(parsed).SelectMany(command => command.Options)
            .Where(option => option.Name is not ("--arg" or "--command") && parsed.GetResult(option) is { Implicit: false } result && result.Tokens.Any(token => token.Value.Length == 0))
            .Select(option => $"{option.Name} is empty: say {option.HelpName ?? "what"}, or leave it out").Distinct(StringComparer.Ordinal),
        .. parsed.CommandResult.Command.Hidden ? [] : parsed.CommandResult.Command.Arguments
            .Where(argument => parsed.GetResult(argument)?.Tokens.Any(token => token.Value.Length == 0) == true).Select(argument => $"{argument.Name} is empty: say which"),
    ];

    private static IEnumerable<string> Others(ParseResult parsed) =>
        parsed.Errors.Select(error => ParserTexts.Of(error, parsed, Name(parsed)))
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

    private static IEnumerable<string> Options(ParseResult parsed) => Commands(parsed)
        .SelectMany((command, height) => command.Options.Where(option => option.Recursive || height == 0 || option is HelpOption)).Select(option => option.Name);
}
