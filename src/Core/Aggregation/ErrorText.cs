using System.Text;
using Harmony.Fleet.Contracts.Bus;

namespace Harmony.Fleet.Core.Aggregation;

/// <summary>Error texts within their limit.</summary>
public static class ErrorText
{
    /// <summary>The beginning of <paramref name="text"/> that takes at most <see cref="WireLimits.MaxErrorBytes"/> bytes of UTF-8, cut between characters.</summary>
    public static string Cut(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) <= WireLimits.MaxErrorBytes)
        {
            return text;
        }

        var (length, bytes) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > WireLimits.MaxErrorBytes)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }
}
