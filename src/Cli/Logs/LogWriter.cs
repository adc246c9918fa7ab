using System.Text;
using Harmony.Fleet.Cli.Hosting;

namespace Harmony.Fleet.Cli.Logs;

/// <summary>Writes the log of one device: as it comes, or with a prefix before each line. Pieces of lines wait until their line is whole.</summary>
internal sealed class LogWriter(CliConsole console, Lock turn, string? prefix)
{
    private const int LongestLine = 64 * 1024;

    private readonly Dictionary<string, StringBuilder> open = new(StringComparer.Ordinal);

    /// <summary>Takes a piece of <paramref name="stream"/>: the container's stdout and stderr do not run into each other.</summary>
    public void Write(string stream, string text)
    {
        var line = open.TryGetValue(stream, out var begun) ? begun : open[stream] = new StringBuilder();
        var rest = text.AsSpan();
        for (var end = rest.IndexOf('\n'); end >= 0; end = rest.IndexOf('\n'))
        {
            Put(line.Append(rest[..end].TrimEnd('\r')));
            rest = rest[(end + 1)..];
        }

        if (line.Append(rest).Length > LongestLine)
        {
            Put(line);
        }
    }

    /// <summary>Writes what is left without a line's end.</summary>
    public void Complete()
    {
        foreach (var line in open.Values.Where(line => line.Length > 0))
        {
            Put(line);
        }
    }

    private void Put(StringBuilder line)
    {
        var text = line.ToString();
        line.Clear();
        text = console.IsOutTerminal ? Printable.LogLine(text) : text;
        lock (turn)
        {
            console.Out.WriteLine(prefix is null ? text : $"{console.Paint($"[{prefix}]", Color.Cyan)} {text}");
        }
    }
}
