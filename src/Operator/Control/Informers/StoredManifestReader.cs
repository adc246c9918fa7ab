using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Events;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Operator.Documents;
using Harmony.Fleet.Operator.Keys;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Control.Informers;

/// <summary>Reads stored manifests. What one is, and what it says, count only where it is of this control plane, for this device.</summary>
internal sealed class StoredManifestReader(DeviceKeyRing keys, OwnManifests own, TextCache texts)
{
    /// <summary>What the bucket holds for <paramref name="device"/>. Of what was written a moment ago it is not said what it names: who wrote it knows that.</summary>
    public FleetEvent.ManifestSeen Read(DeviceId device, BucketEntry entry) =>
        !entry.IsDeleted && own.Take(device, entry) is { } written ? new(device, written, []) : ReadWhole(device, entry);

    /// <summary>The same, with what it names in any case.</summary>
    public FleetEvent.ManifestSeen ReadWhole(DeviceId device, BucketEntry entry)
    {
        if (entry.IsDeleted)
        {
            return new(device, new StoredManifest(entry.Revision, null, null), []);
        }

        if (Plain(device, entry) is { } manifest)
        {
            return new(device, new StoredManifest(entry.Revision, Digest.Of(entry.Value.Span), manifest.Generation), manifest.Entries);
        }

        return new ManifestGate(device, keys.Of(device)).Judge(floor: null, entry.Value.Span, entry.Headers.Mac) is ManifestVerdict.Accepted accepted
            ? new(device, new StoredManifest(entry.Revision, accepted.Mark.Digest, accepted.Mark.Generation), accepted.Manifest.Entries)
            : new(device, new StoredManifest(entry.Revision, Digest.Of(entry.Value.Span), null), []);
    }

    /// <summary>A manifest as this program writes them, which nearly all are; null for any other, of which the gate decides.</summary>
    private DeviceManifest? Plain(DeviceId device, BucketEntry entry)
    {
        var bytes = entry.Value.Span;
        return bytes.Length <= WireLimits.MaxDocumentBytes
            && keys.Of(device) is var known && MessageMac.Verify(known.Down, known.Epoch, MessageKinds.Manifest, device, bytes, entry.Headers.Mac)
            && PlainManifest.Read(bytes, device, texts) is { } manifest && ManifestRules.FirstBroken(manifest, device) is null
            ? manifest
            : null;
    }
}
