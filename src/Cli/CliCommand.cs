using System.Collections.Immutable;
using System.CommandLine;

namespace Harmony.Fleet.Cli;

/// <summary>A command whose help ends with examples.</summary>
internal sealed class CliCommand(string name, string description, params ReadOnlySpan<string> examples) : Command(name, description)
{
    /// <summary>Command lines that work as they are, without the program's name.</summary>
    public ImmutableArray<string> Examples { get; } = [.. examples];
}
