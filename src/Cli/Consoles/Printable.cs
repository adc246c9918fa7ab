using System.Text;

namespace Harmony.Fleet.Cli.Consoles;

/// <summary>Text from devices and servers, made harmless for a terminal: an escape sequence in an error must not move anybody's cursor.</summary>
internal static class Printable
{
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
}
