using Harmony.Fleet.Cli.Consoles;

namespace Harmony.Fleet.Cli.Getting;

/// <summary>A block of lines on a terminal that is drawn anew in its place.</summary>
internal sealed class WatchScreen(CliConsole console)
{
    private int drawn;

    /// <summary>Draws <paramref name="lines"/> over what was drawn before; those beyond the terminal's height are only counted.</summary>
    public void Draw(IReadOnlyList<string> lines)
    {
        var room = Math.Max(console.Height() - 2, 3);
        var shown = lines.Count <= room ? lines : [.. lines.Take(room), $"... and {lines.Count - room} more"];

        // Up to the block's first line, then everything from there on is cleared.
        var home = drawn > 0 ? $"\e[{drawn}A\r\e[J" : string.Empty;
        console.Out.Write(home + string.Concat(shown.Select(line => line + "\n")));
        drawn = shown.Count;
    }
}
