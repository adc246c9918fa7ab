using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Layout;

namespace Harmony.Fleet.Cli.Screens;

/// <summary>
/// A few lines at the end of what stderr shows that are drawn anew in their place, while others are added above them. Those above are never
/// touched again: a terminal that becomes smaller has nothing to break but the live ones, which are told by what they take at its new width.
/// </summary>
internal sealed class LiveLines(CliConsole console)
{
    private IReadOnlyList<string> drawn = [];
    private bool isHidden;

    /// <summary>How wide lines may be.</summary>
    public int Width => Size.Columns;

    private TerminalSize Size => console.ErrorSize() is { Columns: > 0 } size ? size : TerminalSize.Usual;

    /// <summary>Adds <paramref name="lasting"/> lines, and shows <paramref name="live"/> ones below them instead of those before; they hold no colours.</summary>
    public void Draw(IReadOnlyList<string> lasting, IReadOnlyList<string> live)
    {
        var size = Size;
        var shown = live.Count < size.Rows ? live : [.. live.Take(Math.Max(1, size.Rows - 1))];
        Write(size, [.. lasting, .. shown]);
        isHidden = true;
        drawn = shown;
    }

    /// <summary>Ends with <paramref name="lasting"/> lines: nothing is live any more.</summary>
    public void End(IReadOnlyList<string> lasting)
    {
        Write(Size, lasting);
        console.Error.Write(AnsiFrame.Of(codes => codes.ShowCursor()));
        (isHidden, drawn, console.HasClosedScreen) = (false, [], true);
    }

    private void Write(TerminalSize size, IReadOnlyList<string> lines) => console.Error.Write(AnsiFrame.Of(codes =>
    {
        if (!isHidden)
        {
            codes.HideCursor();
        }

        // A terminal that became narrower has broken what is wider than it.
        var rows = drawn.Sum(line => Math.Max(1, (TextWidth.Of(line) + size.Columns - 1) / size.Columns));
        if (rows > 0)
        {
            codes.Write("\r").CursorUp(Math.Min(rows, Math.Max(1, size.Rows - 1))).EraseInDisplay(0);
        }

        codes.Write(string.Concat(lines.Select(line => line + "\n")));
    }));
}
