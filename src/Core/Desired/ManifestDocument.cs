using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Core.Desired;

/// <summary>
/// The bytes of a manifest. The same device, generation and entries always give the same bytes, those of the serializer: what was lost can be put again as it was. An entry is
/// the same on all of its devices, so that its bytes are made once.
/// </summary>
public static class ManifestDocument
{
    private const ulong Odd = 0x9E3779B97F4A7C15;
    private static readonly ConditionalWeakTable<ManifestEntry, WrittenEntry> Entries = [];

    /// <summary>Writes a manifest.</summary>
    /// <param name="device">Whose.</param>
    /// <param name="generation">Its place in the order.</param>
    /// <param name="entries">The deployments, by namespace and name.</param>
    public static byte[] Write(DeviceId device, Generation generation, ImmutableArray<ManifestEntry> entries)
    {
        // A name is a DNS label: nothing of it is escaped.
        var head = $$"""{"apiVersion":"{{BusVersion.V1}}","device":"{{device.Value}}","generation":{"term":{{generation.Term}},"counter":{{generation.Counter}}},"entries":[""";
        var parts = new byte[entries.Length][];
        var length = head.Length + Math.Max(0, entries.Length - 1) + 2;
        for (var at = 0; at < parts.Length; at++)
        {
            parts[at] = Entries.GetValue(entries[at], static entry => new WrittenEntry(entry)).Bytes;
            length += parts[at].Length;
        }

        var bytes = new byte[length];
        var end = Encoding.ASCII.GetBytes(head, bytes);
        for (var at = 0; at < parts.Length; at++)
        {
            if (at > 0)
            {
                bytes[end++] = (byte)',';
            }

            parts[at].CopyTo(bytes, end);
            end += parts[at].Length;
        }

        "]}"u8.CopyTo(bytes.AsSpan(end));
        return bytes;
    }

    /// <summary>
    /// 64 bits by which entries are told from others: the same ones, in the same order, always give the same. It says that nothing changed here; what others wrote is
    /// compared by its digest.
    /// </summary>
    public static ulong MarkOf(ImmutableArray<ManifestEntry> entries)
    {
        var mark = (ulong)entries.Length + 1;
        foreach (var entry in entries)
        {
            mark = (BitOperations.RotateLeft(mark, 23) * Odd) ^ Entries.GetValue(entry, static one => new WrittenEntry(one)).Mark;
        }

        return mark;
    }

    private sealed class WrittenEntry
    {
        public WrittenEntry(ManifestEntry entry)
        {
            Bytes = JsonSerializer.SerializeToUtf8Bytes(entry, ContractsJson.Bus.ManifestEntry);
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(Bytes, hash);
            Mark = BinaryPrimitives.ReadUInt64LittleEndian(hash);
        }

        public byte[] Bytes { get; }

        public ulong Mark { get; }
    }
}
