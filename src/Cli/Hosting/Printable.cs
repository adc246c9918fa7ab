using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Harmony.Fleet.Cli.Hosting;

/// <summary>
/// Text that devices, servers and users wrote, made harmless for a terminal: it moves nobody's cursor, and nothing in it is invisible or
/// stands in another place than where it was written.
/// </summary>
internal static partial class Printable
{
    /// <summary>A line of a log: tabs and colours (SGR sequences) stay, what else is hidden is escaped.</summary>
    public static string LogLine(string text) => Colors().IsMatch(text)
        ? string.Concat(Colors().Split(text).Zip([.. Colors().Matches(text).Select(match => match.Value), string.Empty], (part, color) => Tabbed(part) + color)) + "\e[0m"
        : Tabbed(text);

    /// <summary><paramref name="text"/> on one line: what is hidden in it is escaped, line breaks and tabs are spaces.</summary>
    public static string Line(string text)
    {
        if (Ascii.IsValid(text) && !text.AsSpan().ContainsAnyInRange('\0', '\x1f') && !text.AsSpan().Contains('\x7f'))
        {
            return text;
        }

        var line = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value is '\n' or '\r' or '\t' ? line.Append(' ') : IsHidden(rune) ? line.Append(Escape(rune)) : line.Append(rune);
        }

        return line.ToString();
    }

    /// <summary>A name of one word, such as a file's: line breaks and tabs in it are escaped as well.</summary>
    public static string Word(string text) => string.Concat(text.EnumerateRunes().Select(rune => IsHidden(rune) ? Escape(rune) : rune.ToString()));

    /// <summary>
    /// Whether a terminal would obey <paramref name="rune"/> instead of showing it: control characters, those that turn the direction of a
    /// text, breaks of lines, and what is invisible. The two joiners stay, without which Persian words and many emoji are others.
    /// </summary>
    public static bool IsHidden(Rune rune) => rune.Value is not (0x200c or 0x200d)
        && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    /// <summary>One escape for one character, as YAML reads it.</summary>
    public static string Escape(Rune rune) => rune.IsBmp
        ? string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}")
        : string.Create(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}");

    private static string Tabbed(string text) => string.Join('\t', text.Split('\t').Select(Line));

    [GeneratedRegex(@"\e\[[0-9;]{0,32}m", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Colors();
}
