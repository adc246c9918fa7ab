using System.Text;
using Harmony.Fleet.Cli.Consoles;
using Spectre.Console;

namespace Harmony.Fleet.Cli.Steps;

/// <summary>The console's stderr, as Spectre.Console writes to it.</summary>
internal sealed class ErrorOutput(CliConsole console) : IAnsiConsoleOutput
{
    private const int UsualWidth = 100;

    private const int UsualHeight = 40;

    /// <inheritdoc/>
    public TextWriter Writer => console.Error;

    /// <inheritdoc/>
    public bool IsTerminal => console.IsErrorTerminal;

    /// <inheritdoc/>
    public int Width => console.Width() is > 0 and var width ? width : UsualWidth;

    /// <inheritdoc/>
    public int Height => console.Height() is > 0 and var height ? height : UsualHeight;

    /// <inheritdoc/>
    public void SetEncoding(Encoding encoding)
    {
        // The writer has its own.
    }
}
