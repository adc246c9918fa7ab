using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Events;
using Harmony.Fleet.Core.Fields;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Operator.Documents;
using Harmony.Fleet.Operator.Keys;
using Harmony.Fleet.Operator.Telemetry;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Control.Informers;

/// <summary>Reads what stands in the buckets: the key is a device, the MAC is right, and only then are the bytes parsed. Anything else is logged and skipped. For several threads.</summary>
internal sealed partial class DocumentReader(DeviceKeyRing keys, StoredManifestReader manifests, TextCache texts, LogGate gate, FleetMeter meter, ILogger<DocumentReader> logger)
{
    /// <summary>Reads a document of a device where it is of the plain form, and gives null where it is not.</summary>
    private delegate T? PlainReading<out T>(ReadOnlySpan<byte> bytes, DeviceId device, TextCache texts);

    /// <summary>What the engine is told of an entry; null for nothing.</summary>
    /// <remarks>Whatever is in one entry, the others are read: it throws nothing.</remarks>
    public FleetEvent? Read(WatchedBucket bucket, BucketEntry entry)
    {
        try
        {
            return ReadEntry(bucket, entry);
        }
        catch (Exception error)
        {
            return Skip<FleetEvent>(BucketInformer.NameOf(bucket), entry, $"it cannot be read: {error.Message}");
        }
    }

    private FleetEvent? ReadEntry(WatchedBucket bucket, BucketEntry entry)
    {
        if (bucket == WatchedBucket.DesiredState)
        {
            return DeviceId.TryParse(entry.Key, out var device) ? manifests.Read(device, entry) : null;
        }

        return entry.IsDeleted ? null : bucket switch
        {
            WatchedBucket.DeviceInfo when Info(entry) is { } info => new FleetEvent.InfoHeard(info, entry.Created),
            WatchedBucket.DeviceState when Report(entry) is { } report => new FleetEvent.ReportHeard(report, entry.Created),
            WatchedBucket.DeviceHeartbeat when Beat(entry) is { } beat => new FleetEvent.HeartbeatHeard(beat, entry.Created),
            _ => null,
        };
    }

    private DeviceInfo? Info(BucketEntry entry) =>
        Read(BucketNames.DeviceInfo, entry, MessageKinds.Info, PlainInfo.Read, ContractsJson.Bus.DeviceInfo, info => info.Device, DocumentBounds.Cut);

    private DeviceReport? Report(BucketEntry entry) =>
        Read(BucketNames.DeviceState, entry, MessageKinds.Report, PlainReport.Read, ContractsJson.Bus.DeviceReport, report => report.Device, DocumentBounds.Cut);

    private Heartbeat? Beat(BucketEntry entry) =>
        Read(BucketNames.DeviceHeartbeat, entry, MessageKinds.Heartbeat, PlainHeartbeat.Read, ContractsJson.Bus.Heartbeat, beat => beat.Device, DocumentBounds.Cut);

    private T? Read<T>(string bucket, BucketEntry entry, string kind, PlainReading<T> plain, JsonTypeInfo<T> type, Func<T, DeviceId> deviceOf, Func<T, T?> cut)
        where T : class
    {
        if (!DeviceId.TryParse(entry.Key, out var device))
        {
            return Skip<T>(bucket, entry, "the key is no device id");
        }

        if (entry.Value.Length > WireLimits.MaxDocumentBytes)
        {
            return Skip<T>(bucket, entry, $"it has {entry.Value.Length} bytes");
        }

        if (!keys.IsFrom(device, kind, entry.Value.Span, entry.Headers.Mac))
        {
            return Skip<T>(bucket, entry, entry.Headers.Mac is null ? "it has no MAC" : "its MAC is not the device's");
        }

        try
        {
            var document = plain(entry.Value.Span, device, texts) ?? JsonSerializer.Deserialize(entry.Value.Span, type);
            return document is null || deviceOf(document) != device ? Skip<T>(bucket, entry, "it speaks of another device")
                : cut(document) ?? Skip<T>(bucket, entry, "the word by which its run is known is missing or too long");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            return Skip<T>(bucket, entry, JsonProblem.Of(error));
        }
    }

    private T? Skip<T>(string bucket, BucketEntry entry, string reason)
        where T : class
    {
        meter.Refused.Add(1, new KeyValuePair<string, object?>("bucket", bucket));
        if (gate.IsOpen(bucket, entry.Key, out var suppressed))
        {
            LogSkipped(logger, bucket, entry.Key, reason, suppressed);
        }

        return null;
    }
}
