using System.Collections.Immutable;
using System.Runtime.CompilerServices;
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
    private static readonly ConditionalWeakTable<ManifestEntry, byte[]> Entries = [];

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
            parts[at] = Entries.GetValue(entries[at], static entry => JsonSerializer.SerializeToUtf8Bytes(entry, ContractsJson.Bus.ManifestEntry));
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
}
