namespace Harmony.Fleet.Adapters.Nats.Credentials;

/// <summary>RFC 4648 base32 without padding, as nkeys use it.</summary>
internal static class Base32
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>The number of characters for <paramref name="bytes"/> bytes.</summary>
    public static int EncodedLength(int bytes) => ((bytes * 8) + 4) / 5;

    /// <summary>Writes the text of <paramref name="bytes"/>.</summary>
    public static void Encode(ReadOnlySpan<byte> bytes, Span<char> text)
    {
        var (bits, held, at) = (0u, 0, 0);
        foreach (var value in bytes)
        {
            bits = (bits << 8) | value;
            for (held += 8; held >= 5; held -= 5)
            {
                text[at++] = Alphabet[(int)(bits >> (held - 5)) & 31];
            }
        }

        if (held > 0)
        {
            text[at] = Alphabet[(int)(bits << (5 - held)) & 31];
        }
    }

    /// <summary>Reads <paramref name="text"/>; false for a foreign character, a length that no encoder makes, or bits beyond the last byte.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        if (EncodedLength(bytes.Length) != text.Length)
        {
            return false;
        }

        var (bits, held, at) = (0u, 0, 0);
        foreach (var c in text)
        {
            var value = c switch { >= 'A' and <= 'Z' => c - 'A', >= '2' and <= '7' => c - '2' + 26, _ => -1 };
            if (value < 0)
            {
                return false;
            }

            bits = (bits << 5) | (uint)value;
            held += 5;
            if (held >= 8)
            {
                held -= 8;
                bytes[at++] = (byte)(bits >> held);
            }
        }

        return (bits & ((1u << held) - 1)) == 0;
    }
}
