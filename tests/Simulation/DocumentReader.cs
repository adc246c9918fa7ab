using System.Text.Json;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Events;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Tests.Simulation;

/// <summary>Keys, and what an operator reads: as its shell does, MACs first.</summary>
internal sealed class DocumentReader(MasterKey master)
{
    private readonly Dictionary<DeviceId, DeviceKeys> keys = [];

    public DeviceKeys KeysOf(DeviceId device) => keys.TryGetValue(device, out var known) ? known : keys[device] = master.DeviceKeys(device, 1);

    public string Sign(DeviceId device, byte[] manifest) => MessageMac.Sign(KeysOf(device).Down, 1, MessageKinds.Manifest, device, manifest);

    public FleetEvent? Read(WatchedBucket bucket, Stored stored)
    {
        if (!stored.Reading.IsRead)
        {
            stored.Reading = (IsRead: true, Parse(bucket, DeviceId.Parse(stored.Key), stored));
        }

        return stored.Reading.Said;
    }

    public FleetEvent.ManifestSeen Manifest(Stored stored) => (FleetEvent.ManifestSeen)Read(WatchedBucket.DesiredState, stored)!;

    private FleetEvent? Parse(WatchedBucket bucket, DeviceId device, Stored stored) =>
        bucket == WatchedBucket.DesiredState ? Manifest(device, stored)
        : stored.IsDeleted ? null
        : bucket switch
        {
            WatchedBucket.DeviceInfo when IsFrom(device, MessageKinds.Info, stored) =>
                new FleetEvent.InfoHeard(JsonSerializer.Deserialize(stored.Value, ContractsJson.Bus.DeviceInfo)!, stored.At),
            WatchedBucket.DeviceState when IsFrom(device, MessageKinds.Report, stored) =>
                new FleetEvent.ReportHeard(JsonSerializer.Deserialize(stored.Value, ContractsJson.Bus.DeviceReport)!, stored.At),
            WatchedBucket.DeviceHeartbeat when IsFrom(device, MessageKinds.Heartbeat, stored) =>
                new FleetEvent.HeartbeatHeard(JsonSerializer.Deserialize(stored.Value, ContractsJson.Bus.Heartbeat)!, stored.At),
            _ => null,
        };

    private FleetEvent.ManifestSeen Manifest(DeviceId device, Stored stored)
    {
        if (stored.IsDeleted)
        {
            return new(device, new StoredManifest(stored.Revision, null, null), []);
        }

        return new ManifestGate(device, KeysOf(device)).Judge(floor: null, stored.Value, stored.Mac) is ManifestVerdict.Accepted accepted
            ? new(device, new StoredManifest(stored.Revision, accepted.Mark.Digest, accepted.Mark.Generation), accepted.Manifest.Entries)
            : new(device, new StoredManifest(stored.Revision, Digest.Of(stored.Value), null), []);
    }

    private bool IsFrom(DeviceId device, string kind, Stored stored) => MessageMac.Verify(KeysOf(device).Up, 1, kind, device, stored.Value, stored.Mac);
}
