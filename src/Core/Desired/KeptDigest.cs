using System.Buffers.Binary;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Core.Desired;

/// <summary>A digest without an object of its own; none by default. What is kept of each device keeps it so.</summary>
internal readonly struct KeptDigest
{
    private readonly ulong first;
    private readonly ulong second;
    private readonly ulong third;
    private readonly ulong fourth;

    /// <summary>Keeps <paramref name="digest"/>, which is one.</summary>
    public KeptDigest(Digest digest)
    {
        var hash = digest.Hash;
        (first, second) = (BinaryPrimitives.ReadUInt64LittleEndian(hash), BinaryPrimitives.ReadUInt64LittleEndian(hash[8..]));
        (third, fourth) = (BinaryPrimitives.ReadUInt64LittleEndian(hash[16..]), BinaryPrimitives.ReadUInt64LittleEndian(hash[24..]));
    }

    /// <summary>Whether none is kept.</summary>
    public bool IsNone => (first | second | third | fourth) == 0;

    /// <summary>The digest; to be asked for only where one is kept.</summary>
    public Digest Value
    {
        get
        {
            Span<byte> hash = stackalloc byte[4 * sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(hash, first);
            BinaryPrimitives.WriteUInt64LittleEndian(hash[8..], second);
            BinaryPrimitives.WriteUInt64LittleEndian(hash[16..], third);
            BinaryPrimitives.WriteUInt64LittleEndian(hash[24..], fourth);
            return Digest.OfHash(hash);
        }
    }

    /// <summary>Whether <paramref name="digest"/> is the one that is kept.</summary>
    public bool Is(Digest digest)
    {
        var hash = digest.Hash;
        return !IsNone && hash.Length == 4 * sizeof(ulong)
            && BinaryPrimitives.ReadUInt64LittleEndian(hash) == first && BinaryPrimitives.ReadUInt64LittleEndian(hash[8..]) == second
            && BinaryPrimitives.ReadUInt64LittleEndian(hash[16..]) == third && BinaryPrimitives.ReadUInt64LittleEndian(hash[24..]) == fourth;
    }
}
