using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace Harmony.Fleet.Cli.Help;

/// <summary>What the parser's library says of a command line, in this program's own words: what is missing by the name that the help gives it.</summary>
internal static partial class ParserTexts
{
    /// <summary>One sentence about <paramref name="error"/>, without a full stop. What our own checks say is passed on as it is.</summary>
    /// <param name="error">What the parser found.</param>
    /// <param name="parsed">Where.</param>
    /// <param name="command">The command, as it was named.</param>
    public static string Of(ParseError error, ParseResult parsed, string command) =>
        Of(error.Message, command, [.. Missing(parsed)], Option(error.SymbolResult));

    /// <summary>The same of the <paramref name="message"/> alone.</summary>
    /// <param name="message">What the library says.</param>
    /// <param name="command">The command, as it was named.</param>
    /// <param name="missing">The arguments that are not there.</param>
    /// <param name="option">The option that it is about, where it is about one.</param>
    internal static string Of(string message, string command, IReadOnlyList<string> missing, Option? option)
    {
        var name = Name().Match(message).Groups["name"].Value;
        return message switch
        {
            _ when ArgumentMissing().IsMatch(message) => $"{command} needs {(missing.Count == 0 ? "an argument more" : string.Join(" and ", missing))}",
            _ when ValueMissing().IsMatch(message) => $"{name} needs a value: {name} {option?.HelpName ?? "VALUE"}",
            _ when TooMany().IsMatch(message) => $"{name} is there more than once, and takes one value",
            _ when OptionMissing().IsMatch(message) => $"{command} needs {name} {option?.HelpName ?? "VALUE"}",
            _ when Conversion().Match(message) is { Success: true } found => $"{(found.Groups["option"] is { Success: true } of ? of.Value : command)} does not take '{found.Groups["text"].Value}'",
            _ when OneOf().Match(message) is { Success: true } found => $"'{found.Groups["text"].Value}' is none of {string.Join(", ", Words().Matches(found.Groups["all"].Value).Select(word => word.Value))}",
            _ when Unknown().Match(message) is { Success: true } found => $"{command} knows no '{found.Groups["text"].Value}'",
            _ when CommandMissing().IsMatch(message) => $"{command} needs to be told what",
            _ when Alone().Match(message) is { Success: true } found => $"{found.Groups["option"].Value} stands alone: leave out the rest",
            _ => message.TrimEnd('.'),
        };
    }

    private static IEnumerable<string> Missing(ParseResult parsed) => parsed.CommandResult.Command.Arguments
        .Where(argument => argument.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(argument) is not { Tokens.Count: > 0 }).Select(argument => argument.Name);

    private static Option? Option(SymbolResult? result) => result switch
    {
        OptionResult option => option.Option,
        ArgumentResult { Parent: OptionResult option } => option.Option,
        _ => null,
    };

    [GeneratedRegex("'(?<name>[^']*)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();

    [GeneratedRegex("^Required argument missing for command: ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ArgumentMissing();

    [GeneratedRegex("^Required argument missing for option: ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ValueMissing();

    [GeneratedRegex("^Option '.*' expects a single argument but .* were provided", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TooMany();

    [GeneratedRegex("^Option '.*' is required", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OptionMissing();

    [GeneratedRegex("^Cannot parse argument '(?<text>.*?)'(?: for (?:option '(?<option>.*?)'|command '.*?'))? as expected type '", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Conversion();

    [GeneratedRegex("^Argument '(?<text>.*?)' not recognized. Must be one of:(?<all>.*)$", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OneOf();

    [GeneratedRegex(@"[^\s']+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Words();

    [GeneratedRegex("^(?:Unrecognized command or argument '(?<text>.*)'|'(?<text>.*?)' was not matched)", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unknown();

    [GeneratedRegex("^Required command was not provided", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CommandMissing();

    [GeneratedRegex("^(?<option>-.*) option cannot be combined with other arguments", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Alone();
}
