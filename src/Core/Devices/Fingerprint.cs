using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Harmony.Fleet.Core.Devices;

/// <summary>The first 64 bits of a SHA-256: enough to tell whether something is what it was, and all that is kept of it.</summary>
/// <param name="Bits">They.</param>
public readonly record struct Fingerprint(ulong Bits)
{
    /// <summary>Of nothing.</summary>
    public static Fingerprint None => default;

    /// <summary>Of <paramref name="content"/>.</summary>
    public static Fingerprint Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return new(BinaryPrimitives.ReadUInt64LittleEndian(hash));
    }

    /// <summary>Of <paramref name="text"/>.</summary>
    public static Fingerprint Of(string? text) => text is null ? None : Of(Encoding.UTF8.GetBytes(text));
}
