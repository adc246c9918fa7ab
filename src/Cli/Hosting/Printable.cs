using System.Text;
using System.Text.RegularExpressions;

namespace Harmony.Fleet.Cli.Hosting;

/// <summary>Text from devices and servers, made harmless for a terminal: an escape sequence in an error must not move anybody's cursor.</summary>
internal static partial class Printable
{
    /// <summary>A line of a log: tabs and colours (SGR sequences) stay, other control characters are shown as <c>?</c>.</summary>
    public static string LogLine(string text) => Colors().IsMatch(text)
        ? string.Concat(Colors().Split(text).Zip([.. Colors().Matches(text).Select(match => match.Value), string.Empty], (part, color) => Tabbed(part) + color)) + "\e[0m"
        : Tabbed(text);

    /// <summary><paramref name="text"/> on one line, control characters shown as <c>?</c>, line breaks as spaces.</summary>
    public static string Line(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\x1f') && !text.AsSpan().ContainsAnyInRange('\x7f', '\x9f'))
        {
            return text;
        }

        var line = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            line.Append(character is '\n' or '\r' or '\t' ? ' ' : char.IsControl(character) ? '?' : character);
        }

        return line.ToString();
    }

    private static string Tabbed(string text) => string.Join('\t', text.Split('\t').Select(Line));

    [GeneratedRegex(@"\e\[[0-9;]{0,32}m", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Colors();
}
