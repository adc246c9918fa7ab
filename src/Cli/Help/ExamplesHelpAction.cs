using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Text.RegularExpressions;

namespace Harmony.Fleet.Cli.Help;

/// <summary>The usual help, then the command's examples.</summary>
internal sealed partial class ExamplesHelpAction : SynchronousCommandLineAction
{
    private const int WidthWithoutTerminal = 100;

    private readonly HelpAction usual;

    private readonly string program;

    public ExamplesHelpAction(HelpAction usual, string program, int width)
    {
        (this.usual, this.program) = (usual, program);
        usual.MaxWidth = width > 40 ? width : WidthWithoutTerminal;
    }

    /// <summary>Whether the launcher of a source tree shows the help.</summary>
    public bool IsOfSourceTree { get; init; }

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        var code = WriteUsual(parseResult, output);
        if (IsOfSourceTree && parseResult.CommandResult.Command is RootCommand)
        {
            output.WriteLine($"From this source tree also:\n  {program} test  Run its tests, with what they need set up first; {program} test --help says which.\n");
        }

        if (parseResult.CommandResult.Command is CliCommand { Examples.IsEmpty: false } command)
        {
            output.WriteLine("Examples:");
            foreach (var example in command.Examples)
            {
                // As long as it is: a terminal breaks it itself, and copies it whole.
                output.WriteLine($"  {program} {example}");
            }

            output.WriteLine();
        }

        return code;
    }

    [GeneratedRegex(@"\s+\[default:[^\]]*\]", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex StandardValue();

    /// <summary>The usual help calls the program by its file's name; its users know it by the launcher's.</summary>
    private int WriteUsual(ParseResult parseResult, TextWriter output)
    {
        using var text = new StringWriter();
        var hidden = parseResult.CommandResult.Command is CliCommand command ? command.Refused : [];
        foreach (var option in hidden)
        {
            option.Hidden = true;
        }

        parseResult.InvocationConfiguration.Output = text;
        var code = usual.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output = output;
        foreach (var option in hidden)
        {
            option.Hidden = false;
        }

        var usage = text.ToString().Replace($"  {RootCommand.ExecutableName} ", $"  {program} ", StringComparison.Ordinal);

        // Defaults are told in the descriptions, in the words in which they are typed.
        output.Write(StandardValue().Replace(usage, string.Empty));
        return code;
    }
}

/// <summary>A command whose help ends with examples.</summary>
internal sealed class CliCommand(string name, string description, params ReadOnlySpan<string> examples) : Command(name, description)
{
    /// <summary>Command lines that work as they are, without the program's name.</summary>
    public ImmutableArray<string> Examples { get; } = [.. examples];

    /// <summary>Options of every command that mean nothing here, and are refused; none by default.</summary>
    public ImmutableArray<Option> Refused { get; set; } = [];
}
