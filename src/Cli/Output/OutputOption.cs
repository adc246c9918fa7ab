using System.CommandLine;

namespace Harmony.Fleet.Cli.Output;

/// <summary>The option <c>-o</c>.</summary>
internal static class OutputOption
{
    /// <summary>A new one that knows <paramref name="formats"/>, the first of them being the default.</summary>
    public static Option<OutputFormat> Create(params OutputFormat[] formats)
    {
        var names = formats.Select(format => format.ToString().ToLowerInvariant()).ToArray();
        var option = new Option<OutputFormat>("--output", "-o")
        {
            Description = $"How to show it: {string.Join(", ", names)}. Default: {names[0]}.",
            HelpName = string.Join('|', names),
            DefaultValueFactory = _ => formats[0],
            CustomParser = result =>
            {
                var index = Array.IndexOf(names, result.Tokens[0].Value);
                if (index < 0)
                {
                    result.AddError($"--output knows no '{result.Tokens[0].Value}': use {string.Join(", ", names[..^1])} or {names[^1]}");
                }

                return index < 0 ? formats[0] : formats[index];
            },
        };
        option.CompletionSources.Clear();
        option.CompletionSources.Add(names);
        return option;
    }
}

/// <summary>How resources are shown.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>For people: every column, however wide.</summary>
    Wide,

    /// <summary>For programs.</summary>
    Json,

    /// <summary>For people and programs.</summary>
    Yaml,
}
