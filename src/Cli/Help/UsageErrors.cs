using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Harmony.Fleet.Cli.Parsing;
using Harmony.Fleet.Contracts.Names;

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
    /// <param name="parsed">What the parser made of it.</param>
    /// <param name="arguments">Its words.</param>
    public static List<string> Find(ParseResult parsed, IReadOnlyList<string> arguments)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens is [] or [not ['-', ..], ..] && Valued(parsed, arguments) is { } valued)
        {
            return [valued];
        }

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
            // What is wrong with an option comes first: the word that it lacks may be the command.
            List<string> ofOptions = [.. parsed.Errors.Where(error => error.SymbolResult is OptionResult).Select(error => ParserTexts.Of(error, parsed, Name(parsed))).Distinct(StringComparer.Ordinal)];
            return ofOptions.Count > 0 ? ofOptions : [$"{Name(parsed)} needs to be told what: {Choice([.. command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name)])}"];
        }

        // An option that is not known is taken for an argument wherever there is room for one.
        return TakenForArguments(parsed) is [var option, ..]
            ? [Unknown(parsed, option)]
            : [.. parsed.UnmatchedTokens.Select(token => Unknown(parsed, token)), .. Others(parsed)];
    }

    /// <summary>A switch that is given a value (<c>--watch=maybe</c>), which the parser would take for an argument.</summary>
    private static string? Valued(ParseResult parsed, IReadOnlyList<string> arguments)
    {
        var switches = Commands(parsed).SelectMany(command => command.Options).Where(option => option.ValueType == typeof(bool)).SelectMany(option => option.Aliases.Prepend(option.Name)).ToHashSet(StringComparer.Ordinal);
        foreach (var word in arguments.TakeWhile(word => word != "--"))
        {
            var end = word.IndexOfAny(['=', ':']);
            if (end > 0 && switches.Contains(word[..end]) && !bool.TryParse(word[(end + 1)..], out _))
            {
                return $"{word[..end]} takes no value '{word[(end + 1)..]}': say {word[..end]} alone, or leave it out";
            }
        }

        return null;
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
        if (parsed.Tokens.Any(word => word.Type == TokenType.DoubleDash) && command.Subcommands.Any(sub => sub.Name == token || sub.Aliases.Contains(token)))
        {
            return $"after '--' no word is a command: leave it out before '{token}'";
        }

        var what = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
        var known = isOption ? Options(parsed) : command.Subcommands.SelectMany(sub => sub.Aliases.Prepend(sub.Name));
        var meant = Suggestion.For(token.Split('=')[0], known);
        return $"{Name(parsed)} knows no {what} '{token}'{(meant is not null ? $": did you mean '{meant}'?" : isOption ? string.Empty : Kinds(parsed, token))}";
    }

    /// <summary>What must stand before a name: <c>wait web</c> leaves out what web is.</summary>
    private static string Kinds(ParseResult parsed, string token)
    {
        var kinds = parsed.CommandResult.Command is RootCommand ? [] : parsed.CommandResult.Command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name).ToList();
        return kinds switch
        {
            [] => string.Empty,
            [var only] => DnsLabel.IsValid(token) ? $": did you mean '{Name(parsed)} {only} {token}'?" : $": use {only}",
            _ => $": use {Choice(kinds)}",
        };
    }

    /// <summary><c>a, b or c</c>.</summary>
    private static string Choice(List<string> words) => words is [var only] ? only : $"{string.Join(", ", words.SkipLast(1))} or {words[^1]}";

    private static IEnumerable<string> Options(ParseResult parsed) => Commands(parsed)
        .SelectMany((command, height) => command.Options.Where(option => option.Recursive || height == 0 || option is HelpOption)).Select(option => option.Name);
}
