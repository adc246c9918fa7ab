using System.CommandLine;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Cli.Options;

/// <summary>The option <c>-n</c>.</summary>
internal static class NamespaceOptions
{
    /// <summary>The namespace of those who name none.</summary>
    public const string Default = "default";

    /// <summary>A new one.</summary>
    public static Option<string> Create() => new("--namespace", "-n")
    {
        Description = $"The namespace. Default: {Default}.",
        HelpName = "NS",
        DefaultValueFactory = _ => Default,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (!DnsLabel.IsValid(text))
            {
                result.AddError($"'{text}' is no namespace: use {DnsLabel.Rule}");
            }

            return text;
        },
    };
}
