using Harmony.Fleet.Cli.Hosting;
using Spectre.Console;

namespace Harmony.Fleet.Cli.Screens;

/// <summary>
/// The whole terminal for as long as something is watched, on its second screen: whatever its size becomes meanwhile, nothing of what stood
/// before is touched. At the end the first screen is back, with what was last shown, and with its cursor.
/// </summary>
internal sealed class FullScreen(CliConsole console) : IDisposable
{
    private readonly Lock gate = new();

    private IReadOnlyList<string> shown = [];
    private bool isEntered;

    /// <summary>Shows <paramref name="lines"/>, each no wider than the terminal, no more than it has rows; the rest of it is empty.</summary>
    public void Draw(IReadOnlyList<string> lines)
    {
        lock (gate)
        {
            console.Out.Write(AnsiFrame.Of(codes =>
            {
                if (!isEntered)
                {
                    codes.EnterAltScreen().HideCursor();
                }

                // Each line over the one before, and only then what is left of it goes: a screen that is cleared first flickers.
                codes.CursorHome();
                for (var index = 0; index < lines.Count; index++)
                {
                    codes.Write(index == 0 ? string.Empty : "\n").Write(lines[index]).EraseInLine(0);
                }

                codes.EraseInDisplay(0);
            }));
            isEntered = true;
            shown = lines;
        }
    }

    /// <summary>Gives the terminal back for a while, as when the process is stopped by Ctrl-Z.</summary>
    public void Leave()
    {
        lock (gate)
        {
            if (isEntered)
            {
                console.Out.Write(AnsiFrame.Of(codes => codes.ExitAltScreen().ShowCursor()));
                isEntered = false;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Leave();
        lock (gate)
        {
            console.Out.Write(string.Concat(shown.Select(line => line + "\n")));
            console.HasClosedScreen |= shown.Count > 0;
            shown = [];
        }
    }
}

/// <summary>What is written to a terminal in one piece, so that it is never seen half.</summary>
internal static class AnsiFrame
{
    /// <summary>What <paramref name="write"/> writes.</summary>
    public static string Of(Action<AnsiWriter> write)
    {
        using var text = new StringWriter();
        write(new AnsiWriter(text, new AnsiCapabilities { Ansi = true, AlternateBuffer = true, ColorSystem = ColorSystem.Standard }));
        return text.ToString();
    }
}
