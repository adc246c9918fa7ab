using System.Globalization;
using System.Runtime.InteropServices;
using Harmony.Fleet.Adapters.Nats.Protocol;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Adapters.Nats.KeyValue;

/// <summary>The headers by which NATS keeps a bucket in a stream.</summary>
internal static class KvHeaders
{
    private const string Operation = "KV-Operation";
    private const string ExpectedLast = "Nats-Expected-Last-Subject-Sequence";

    /// <summary>Headers of a write.</summary>
    public static NatsHeaders? Of(BusHeaders headers, ulong? expectedRevision, bool isDelete)
    {
        if (headers.Mac is null && expectedRevision is null && !isDelete)
        {
            return null;
        }

        var entries = new List<KeyValuePair<string, string>>(3);
        if (isDelete)
        {
            entries.Add(new(Operation, "DEL"));
        }

        if (expectedRevision is { } revision)
        {
            entries.Add(new(ExpectedLast, revision.ToString(CultureInfo.InvariantCulture)));
        }

        if (headers.Mac is { } mac)
        {
            entries.Add(new(BusHeaders.MacName, mac));
        }

        return NatsHeaders.Of(CollectionsMarshal.AsSpan(entries));
    }

    /// <summary>The fleet's own headers of a message.</summary>
    public static BusHeaders Read(NatsHeaders? headers) => new(headers?.Get(BusHeaders.MacName));

    /// <summary>Whether a message marks that its key is gone: deleted, purged, or removed by the server (2.11 and later).</summary>
    public static bool IsMarker(NatsHeaders? headers) =>
        headers is not null && (headers.Get(Operation) is "DEL" or "PURGE" || headers.Get("Nats-Marker-Reason") is not null);
}
