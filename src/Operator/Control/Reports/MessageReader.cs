using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Operator.Control.Keys;
using Harmony.Fleet.Operator.Control.Work;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Control.Reports;

/// <summary>Reads what devices put: the key is a device, the MAC is the device's, and only then are the bytes parsed. Anything else is logged and skipped.</summary>
internal sealed partial class MessageReader(DeviceKeyRing keys, LogGate gate, ILogger<MessageReader> logger)
{
    /// <summary>A device's info; null where it is none.</summary>
    public DeviceInfo? Info(BucketEntry entry) => Read(BucketNames.DeviceInfo, entry, MessageKinds.Info, ContractsJson.Bus.DeviceInfo, info => info.Device);

    /// <summary>A device's report; null where it is none.</summary>
    public DeviceReport? Report(BucketEntry entry) =>
        Read(BucketNames.DeviceState, entry, MessageKinds.Report, ContractsJson.Bus.DeviceReport, report => report.Device);

    /// <summary>A heartbeat; null where it is none.</summary>
    public Heartbeat? Heartbeat(BucketEntry entry) =>
        Read(BucketNames.DeviceHeartbeat, entry, MessageKinds.Heartbeat, ContractsJson.Bus.Heartbeat, beat => beat.Device);

    private T? Read<T>(string bucket, BucketEntry entry, string kind, JsonTypeInfo<T> type, Func<T, DeviceId> deviceOf)
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
            var document = JsonSerializer.Deserialize(entry.Value.Span, type);
            return document is not null && deviceOf(document) == device ? document : Skip<T>(bucket, entry, "it speaks of another device");
        }
        catch (JsonException error)
        {
            return Skip<T>(bucket, entry, error.Message);
        }
    }

    private T? Skip<T>(string bucket, BucketEntry entry, string reason)
        where T : class
    {
        if (gate.IsOpen(bucket, out var suppressed))
        {
            LogSkipped(logger, bucket, entry.Key, reason, suppressed);
        }

        return null;
    }
}
