using System.Text;
using Harmony.Fleet.Contracts.Bus;

namespace Harmony.Fleet.Core.Reconciling;

/// <summary>Error texts as they may leave the device.</summary>
public static class ErrorText
{
    /// <summary>The longest beginning of <paramref name="text"/> that is at most <paramref name="maxBytes"/> long in UTF-8 and ends with a whole character.</summary>
    public static string Cut(string text, int maxBytes = WireLimits.MaxErrorBytes)
    {
        if (text.Length * 3L <= maxBytes || Encoding.UTF8.GetByteCount(text) <= maxBytes)
        {
            return text;
        }

        var (bytes, chars) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > maxBytes)
            {
                break;
            }

            bytes += rune.Utf8SequenceLength;
            chars += rune.Utf16SequenceLength;
        }

        return text[..chars];
    }
}
