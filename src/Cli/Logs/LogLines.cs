using System.Text;

namespace Harmony.Fleet.Cli.Logs;

/// <summary>Makes lines of the pieces of one device's log. Pieces of lines wait until their line is whole.</summary>
/// <param name="take">Takes each line, and whether it is whole.</param>
internal sealed class LogLines(Action<string, bool> take)
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
            Put(line.Append(rest[..end].TrimEnd('\r')), isWhole: true);
            rest = rest[(end + 1)..];
        }

        if (line.Append(rest).Length > LongestLine)
        {
            Put(line, isWhole: true);
        }
    }

    /// <summary>Gives out what is left without a line's end.</summary>
    public void Complete()
    {
        foreach (var line in open.Values.Where(line => line.Length > 0))
        {
            Put(line, isWhole: false);
        }
    }

    private void Put(StringBuilder line, bool isWhole)
    {
        var text = line.ToString();
        line.Clear();
        take(text, isWhole);
    }
}
