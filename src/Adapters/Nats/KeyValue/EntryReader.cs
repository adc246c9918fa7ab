using System.Diagnostics.CodeAnalysis;
using Harmony.Fleet.Adapters.Nats.JetStream;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Adapters.Nats.KeyValue;

/// <summary>Makes entries out of what a consumer delivers.</summary>
internal static class EntryReader
{
    /// <summary>Reads a message of the bucket whose subjects begin with <paramref name="prefix"/>; false for anything else.</summary>
    public static bool TryRead(in Delivery delivery, string prefix, [NotNullWhen(true)] out BucketEntry? entry)
    {
        entry = null;
        var (message, origin) = (delivery.Message, delivery.Origin);
        if (delivery.IsIdle || !message.Subject.StartsWith(prefix, StringComparison.Ordinal))
        {
            return false;
        }

        entry = new BucketEntry(
            message.Subject[prefix.Length..],
            message.Payload,
            KvHeaders.Read(message.Headers.Span),
            origin.StreamSequence,
            origin.Time,
            KvHeaders.IsMarker(message.Headers.Span));
        return true;
    }
}
