using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Harmony.Fleet.Cli.Layout;

/// <summary>Text by the columns that it takes on a terminal: a wide character takes two, a combining one none.</summary>
internal static class TextWidth
{
    /// <summary>How many columns <paramref name="text"/> takes; it holds no control characters.</summary>
    public static int Of(string text) => Ascii.IsValid(text) ? text.Length : Math.Max(0, text.GetCellWidth());

    /// <summary><paramref name="text"/> in at most <paramref name="width"/> columns: what does not fit gives way to <paramref name="ellipsis"/> at the end.</summary>
    public static string Cut(string text, int width, string ellipsis)
    {
        if (Of(text) <= width)
        {
            return text;
        }

        return width <= ellipsis.Length ? ellipsis[..Math.Max(0, width)] : Head(text, width - ellipsis.Length) + ellipsis;
    }

    /// <summary>The same with the gap in the middle: of a path both ends tell the most.</summary>
    public static string CutMiddle(string text, int width, string ellipsis)
    {
        var room = width - ellipsis.Length;
        if (Of(text) <= width || room < 2)
        {
            return Cut(text, width, ellipsis);
        }

        var head = Head(text, room / 2);
        return head + ellipsis + Tail(text, room - Of(head));
    }

    /// <summary><paramref name="text"/> with spaces behind it, so that it takes <paramref name="width"/> columns.</summary>
    public static string Left(string text, int width) => text + new string(' ', Math.Max(0, width - Of(text)));

    /// <summary><paramref name="text"/> with spaces before it, so that it takes <paramref name="width"/> columns.</summary>
    public static string Right(string text, int width) => new string(' ', Math.Max(0, width - Of(text))) + text;

    /// <summary>As much of the beginning as fits: never half a character.</summary>
    private static string Head(string text, int width)
    {
        var end = 0;
        for (var taken = 0; end < text.Length;)
        {
            var next = StringInfo.GetNextTextElementLength(text, end);
            taken += Of(text.Substring(end, next));
            if (taken > width)
            {
                break;
            }

            end += next;
        }

        return text[..end];
    }

    private static string Tail(string text, int width)
    {
        var starts = StringInfo.ParseCombiningCharacters(text);
        var begin = Array.FindIndex(starts, start => Of(text[start..]) <= width);
        return begin < 0 ? string.Empty : text[starts[begin]..];
    }
}
