using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Cli.Options;

/// <summary>Arguments that name resources. A wrong name is told before anything is sent. Without a name for help, help would ask for the candidates.</summary>
internal static class ResourceArguments
{
    /// <summary>The argument's name.</summary>
    public const string Name = "NAME";

    /// <summary>The name of a <paramref name="what"/>, which may be left out.</summary>
    public static Argument<string?> OptionalName(string what, Func<CompletionContext, IEnumerable<CompletionItem>> names) => new(Name)
    {
        HelpName = Name,
        CompletionSources = { names },
        Description = $"One {what}; all without it.",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = result => result.Tokens.Count == 0 ? null : Check(result, what),
    };

    /// <summary>The name of a <paramref name="what"/>.</summary>
    public static Argument<string> RequiredName(string what, Func<CompletionContext, IEnumerable<CompletionItem>> names, string name = Name) => new(name)
    {
        HelpName = name,
        CompletionSources = { names },
        Description = $"The {what}'s name.",
        CustomParser = result => Check(result, what),
    };

    private static string Check(ArgumentResult result, string what)
    {
        var text = result.Tokens[0].Value;
        if (!DnsLabel.IsValid(text))
        {
            result.AddError($"'{text}' is no {what}'s name: use {DnsLabel.Rule}");
        }

        return text;
    }
}
