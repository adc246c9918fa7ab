using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Contracts.Texts;

namespace Harmony.Fleet.Cli.Logs;

/// <summary>Writes lines of one device's log: as they are, or with a prefix before each.</summary>
/// <param name="console">Where to.</param>
/// <param name="turn">Held while one is written.</param>
/// <param name="prefix">The device's name; null for none.</param>
internal sealed class LogWriter(CliConsole console, Lock turn, string? prefix)
{
    /// <summary>Writes one.</summary>
    public void Write(string line)
    {
        var text = console.IsOutTerminal ? Printable.LogLine(line) : line;
        lock (turn)
        {
            console.Out.WriteLine(prefix is null ? text : $"{console.Paint($"[{prefix}]", Color.Cyan)} {text}");
        }
    }

    /// <summary>Says something about the log.</summary>
    public void Say(string sentence)
    {
        lock (turn)
        {
            console.Say(sentence);
        }
    }
}
