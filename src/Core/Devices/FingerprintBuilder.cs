using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Core.Devices;

/// <summary>Makes the fingerprint of several values, each of which says where it ends. For one owner; it can be used again after each <see cref="Finish"/>.</summary>
public sealed class FingerprintBuilder
{
    private readonly ArrayBufferWriter<byte> content = new(1024);

    /// <summary>Adds a number.</summary>
    public FingerprintBuilder Add(long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(content.GetSpan(sizeof(long)), number);
        content.Advance(sizeof(long));
        return this;
    }

    /// <summary>Adds yes or no.</summary>
    public FingerprintBuilder Add(bool holds) => Add(holds ? 1 : 0);

    /// <summary>Adds a text, where one that is missing is another than one that is empty.</summary>
    public FingerprintBuilder Add(string? text)
    {
        Add(text?.Length ?? -1);
        content.Write(MemoryMarshal.AsBytes(text.AsSpan()));
        return this;
    }

    /// <summary>Adds labels.</summary>
    public FingerprintBuilder Add(LabelSet labels)
    {
        Add(labels.Count);
        foreach (var (key, value) in labels.Shared)
        {
            Add(key).Add(value);
        }

        return this;
    }

    /// <summary>The fingerprint of what was added since the last one.</summary>
    public Fingerprint Finish()
    {
        var print = Fingerprint.Of(content.WrittenSpan);
        content.ResetWrittenCount();
        return print;
    }
}
