using System.Text;

namespace Harmony.Fleet.Operator.Documents;

/// <summary>
/// Texts that many documents hold, such as a Deployment's name, as one and the same string: each is made once, and not anew with each report. It is bounded, and forgets
/// one text for another. For several threads: what two of them put at once is right either way.
/// </summary>
internal sealed class TextCache
{
    private const int Slots = 1 << 16;
    private const int LongestKept = 64;
    private readonly string?[] texts = new string?[Slots];

    /// <summary>The text of <paramref name="ascii"/>.</summary>
    public string Of(ReadOnlySpan<byte> ascii)
    {
        if (ascii.Length > LongestKept)
        {
            return Encoding.ASCII.GetString(ascii);
        }

        var hash = default(HashCode);
        hash.AddBytes(ascii);
        ref var slot = ref texts[hash.ToHashCode() & (Slots - 1)];
        return slot is { } kept && Ascii.Equals(ascii, kept) ? kept : slot = Encoding.ASCII.GetString(ascii);
    }
}
