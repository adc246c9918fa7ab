using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Events;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Operator.Keys;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Control.Informers;

/// <summary>Reads stored manifests. What one is, and what it says, count only where it is of this control plane, for this device.</summary>
internal sealed class StoredManifestReader(DeviceKeyRing keys)
{
    /// <summary>What the bucket holds for <paramref name="device"/>.</summary>
    public FleetEvent.ManifestSeen Read(DeviceId device, BucketEntry entry)
    {
        if (entry.IsDeleted)
        {
            return new(device, new StoredManifest(entry.Revision, null, null), []);
        }

        return new ManifestGate(device, keys.Of(device)).Judge(floor: null, entry.Value.Span, entry.Headers.Mac) is ManifestVerdict.Accepted accepted
            ? new(device, new StoredManifest(entry.Revision, accepted.Mark.Digest, accepted.Mark.Generation), accepted.Manifest.Entries)
            : new(device, new StoredManifest(entry.Revision, Digest.Of(entry.Value.Span), null), []);
    }
}
