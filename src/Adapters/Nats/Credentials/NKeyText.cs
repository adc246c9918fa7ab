using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Harmony.Fleet.Adapters.Nats.Credentials;

/// <summary>The text of nkeys: base32 of prefix, key and CRC16 (little endian).</summary>
internal static class NKeyText
{
    private const int SeedPrefix = 18 << 3;
    private const int PublicBytes = 1 + Ed25519.KeyBytes + 2;
    private const int SeedBytes = 2 + Ed25519.KeyBytes + 2;

    /// <summary>The text of a public key.</summary>
    public static string EncodePublic(NKeyKind kind, ReadOnlySpan<byte> key)
    {
        Span<byte> raw = stackalloc byte[PublicBytes];
        raw[0] = (byte)kind;
        key.CopyTo(raw[1..]);
        return Encode(raw);
    }

    /// <summary>The text of a seed.</summary>
    public static string EncodeSeed(NKeyKind kind, ReadOnlySpan<byte> seed)
    {
        Span<byte> raw = stackalloc byte[SeedBytes];
        try
        {
            raw[0] = (byte)(SeedPrefix | ((int)kind >> 5));
            raw[1] = (byte)(((int)kind & 31) << 3);
            seed.CopyTo(raw[2..]);
            return Encode(raw);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(raw);
        }
    }

    /// <summary>Reads a public key's text.</summary>
    public static bool TryDecodePublic(ReadOnlySpan<char> text, out NKeyKind kind, Span<byte> key)
    {
        Span<byte> raw = stackalloc byte[PublicBytes];
        kind = default;
        if (!TryDecode(text, raw))
        {
            return false;
        }

        kind = (NKeyKind)raw[0];
        raw.Slice(1, Ed25519.KeyBytes).CopyTo(key);
        return Enum.IsDefined(kind);
    }

    /// <summary>Reads a seed's text.</summary>
    public static bool TryDecodeSeed(ReadOnlySpan<char> text, out NKeyKind kind, Span<byte> seed)
    {
        Span<byte> raw = stackalloc byte[SeedBytes];
        kind = default;
        try
        {
            if (!TryDecode(text, raw) || (raw[0] & 0xf8) != SeedPrefix || (raw[1] & 7) != 0)
            {
                return false;
            }

            kind = (NKeyKind)(((raw[0] & 7) << 5) | (raw[1] >> 3));
            raw.Slice(2, Ed25519.KeyBytes).CopyTo(seed);
            return Enum.IsDefined(kind);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(raw);
        }
    }

    private static string Encode(Span<byte> raw)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(raw[^2..], Crc16.Of(raw[..^2]));
        Span<char> text = stackalloc char[Base32.EncodedLength(raw.Length)];
        Base32.Encode(raw, text);
        var encoded = text.ToString();
        text.Clear();
        return encoded;
    }

    private static bool TryDecode(ReadOnlySpan<char> text, Span<byte> raw) =>
        Base32.TryDecode(text, raw) && BinaryPrimitives.ReadUInt16LittleEndian(raw[^2..]) == Crc16.Of(raw[..^2]);
}
