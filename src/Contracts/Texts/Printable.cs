using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Harmony.Fleet.Contracts.Texts;

/// <summary>
/// Text that devices, servers and users wrote, made harmless for a terminal and for a log: it moves nobody's cursor, nothing in it is invisible or
/// stands in another place than where it was written, and it is no longer than its reader can bear.
/// </summary>
public static partial class Printable
{
    /// <summary>The most characters of one value in a log.</summary>
    public const int MaxValueLength = 512;

    /// <summary>The most bytes of one line in a log.</summary>
    public const int MaxLineBytes = 4 * 1024;

    // Combining marks, letters and fillers without a shape of their own, in which a name could differ unseen.
    private static readonly HashSet<int> Shapeless = [0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x180b, 0x180c, 0x180d, 0x180f, 0x3164, 0xffa0];

    /// <summary>A line of a container's log: tabs and colours (SGR sequences) stay, what else is hidden is escaped.</summary>
    public static string LogLine(string text) => Colors().IsMatch(text)
        ? string.Concat(Colors().Split(text).Zip([.. Colors().Matches(text).Select(match => match.Value), string.Empty], (part, color) => Tabbed(part) + color)) + "\e[0m"
        : Tabbed(text);

    /// <summary><paramref name="text"/> on one line: what is hidden in it is escaped, line breaks and tabs are spaces.</summary>
    public static string Line(string text)
    {
        if (IsHarmless(text))
        {
            return text;
        }

        var line = new StringBuilder(text.Length);
        foreach (var (rune, isHidden) in Runes(text))
        {
            _ = rune.Value is '\n' or '\r' or '\t' ? line.Append(' ') : isHidden ? line.Append(Escape(rune)) : line.Append(rune);
        }

        return line.ToString();
    }

    /// <summary>A name of one word, such as a file's: line breaks and tabs in it are escaped as well.</summary>
    public static string Word(string text) =>
        IsHarmless(text) ? text : string.Concat(Runes(text).Select(one => one.IsHidden ? Escape(one.Rune) : one.Rune.ToString()));

    /// <summary>A value in a log: at most <see cref="MaxValueLength"/> characters of it, and how many were left out.</summary>
    public static string Value(string text)
    {
        if (text.Length <= MaxValueLength)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[MaxValueLength - 1]) ? MaxValueLength - 1 : MaxValueLength;
        return string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, end)}...[{text.Length - end} more]");
    }

    /// <summary><see cref="Line"/> for a log, in at most <see cref="MaxLineBytes"/> bytes of UTF-8.</summary>
    public static string ShortLine(string text)
    {
        // Each character is a byte or more: what is behind that many is left out in any case.
        var line = Line(text.Length <= MaxLineBytes ? text : text[..MaxLineBytes]);
        var left = text.Length - Math.Min(text.Length, MaxLineBytes);
        if (left == 0 && Encoding.UTF8.GetByteCount(line) <= MaxLineBytes)
        {
            return line;
        }

        const string Mark = " ...[more]";
        var room = MaxLineBytes - Mark.Length;
        var end = 0;
        for (var bytes = 0; end < line.Length;)
        {
            Rune.DecodeFromUtf16(line.AsSpan(end), out var rune, out var taken);
            bytes += rune.Utf8SequenceLength;
            if (bytes > room)
            {
                break;
            }

            end += taken;
        }

        return line[..end] + Mark;
    }

    /// <summary>The characters of <paramref name="text"/>, and whether a terminal would obey them instead of showing them (<see cref="IsHidden"/>).</summary>
    public static IEnumerable<(Rune Rune, bool IsHidden)> Runes(string text)
    {
        var before = default(Rune);
        for (var index = 0; index < text.Length;)
        {
            Rune.DecodeFromUtf16(text.AsSpan(index), out var rune, out var taken);
            index += taken;
            yield return (rune, IsHidden(rune) && !IsMeant(rune, before, text.AsSpan(index)));
            before = rune;
        }
    }

    /// <summary>
    /// Whether a terminal would obey <paramref name="rune"/> instead of showing it: control characters, those that turn the direction of a
    /// text, breaks of lines, and what is invisible.
    /// </summary>
    public static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) is
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || Shapeless.Contains(rune.Value) || IsVariation(rune);

    /// <summary>One escape for one character, as YAML reads it.</summary>
    public static string Escape(Rune rune) => rune.IsBmp
        ? string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}")
        : string.Create(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}");

    /// <summary>
    /// Without the two joiners many Persian and Indic words are others, and many emoji fall apart; an emoji's form is chosen by a variation selector. They stay
    /// where they have that effect: not between letters of Latin, Greek or Cyrillic, of which they would make a name that only looks like another one.
    /// </summary>
    private static bool IsMeant(Rune rune, Rune before, ReadOnlySpan<char> rest) => rune.Value switch
    {
        0x200c or 0x200d => IsJoined(before) && Rune.DecodeFromUtf16(rest, out var next, out _) == System.Buffers.OperationStatus.Done && IsJoined(next),
        0xfe0e or 0xfe0f => Rune.GetUnicodeCategory(before) is UnicodeCategory.OtherSymbol or UnicodeCategory.MathSymbol,
        _ => false,
    };

    private static bool IsJoined(Rune rune) => rune.Value >= 0x0590 && (!IsHidden(rune) || rune.Value is 0xfe0f) && !Rune.IsWhiteSpace(rune);

    private static bool IsVariation(Rune rune) => rune.Value is (>= 0xfe00 and <= 0xfe0f) or (>= 0xe0100 and <= 0xe01ef);

    private static bool IsHarmless(string text) => Ascii.IsValid(text) && !text.AsSpan().ContainsAnyInRange('\0', '\x1f') && !text.AsSpan().Contains('\x7f');

    private static string Tabbed(string text) => string.Join('\t', text.Split('\t').Select(Line));

    [GeneratedRegex(@"\e\[[0-9;]{0,32}m", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Colors();
}
