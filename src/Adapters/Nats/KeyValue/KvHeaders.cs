using System.Globalization;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Ports.Bus;
using NATS.Client.Core;

namespace Harmony.Fleet.Adapters.Nats.KeyValue;

/// <summary>The headers by which NATS keeps a bucket in a stream.</summary>
internal static class KvHeaders
{
    private const string Operation = "KV-Operation";
    private const string ExpectedLast = "Nats-Expected-Last-Subject-Sequence";
    private const string MarkerReason = "Nats-Marker-Reason";

    /// <summary>Headers of a write.</summary>
    public static NatsHeaders Of(BusHeaders headers, ulong expectedRevision, bool isDelete)
    {
        var fields = Of(headers) ?? [];
        fields[ExpectedLast] = expectedRevision.ToString(CultureInfo.InvariantCulture);
        if (isDelete)
        {
            fields[Operation] = "DEL";
        }

        return fields;
    }

    /// <summary>The fleet's own headers.</summary>
    public static NatsHeaders? Of(BusHeaders headers) => headers.Mac is { } mac ? new() { [BusHeaders.MacName] = mac } : null;

    /// <summary>The fleet's own headers of a message.</summary>
    public static BusHeaders Read(ReadOnlySpan<byte> block) => new(HeaderBlock.Find(block, "Fleet-Mac"u8));

    /// <summary>The fleet's own headers of an answer.</summary>
    public static BusHeaders Read(NatsHeaders? headers) => new(First(headers, BusHeaders.MacName));

    /// <summary>Whether a message marks that its key is gone: deleted, purged, or removed by the server (2.11 and later).</summary>
    public static bool IsMarker(ReadOnlySpan<byte> block) =>
        (HeaderBlock.TryFind(block, "KV-Operation"u8, out var operation) && (operation.SequenceEqual("DEL"u8) || operation.SequenceEqual("PURGE"u8)))
        || HeaderBlock.TryFind(block, "Nats-Marker-Reason"u8, out _);

    /// <summary>The same of an answer.</summary>
    public static bool IsMarker(NatsHeaders? headers) => First(headers, Operation) is "DEL" or "PURGE" || First(headers, MarkerReason) is not null;

    private static string? First(NatsHeaders? headers, string name) => headers is not null && headers.TryGetValue(name, out var values) && values.Count > 0 ? values[0] : null;
}
