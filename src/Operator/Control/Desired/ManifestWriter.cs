using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Operator.Control.Keys;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Control.Desired;

/// <summary>Writes manifests, each only over the revision that it was decided upon.</summary>
internal sealed partial class ManifestWriter(IBus bus, DeviceKeyRing keys, ILogger<ManifestWriter> logger)
{
    /// <summary>Stores a manifest.</summary>
    /// <returns>What the bucket holds now; null where that is not known, and the write is to be tried again. And whether this wrote it.</returns>
    public async Task<(StoredManifest? Known, bool IsWritten)> PutAsync(DeviceId device, ManifestStep.Put put, CancellationToken cancellationToken)
    {
        var bucket = bus.Bucket(BucketNames.DesiredState);
        var headers = new BusHeaders(keys.Sign(device, MessageKinds.Manifest, put.Bytes));
        switch (await bucket.UpdateAsync(device.Value, put.Bytes, put.Revision, headers, cancellationToken))
        {
            case PutOutcome.Stored stored:
                return (new StoredManifest(stored.Revision, put.Digest, put.Generation), true);
            case PutOutcome.Conflict conflict:
                LogConflict(logger, device, put.Generation, conflict.CurrentRevision);
                return (await ReadAsync(bucket, device, conflict.CurrentRevision, cancellationToken), false);
            case var other:
                LogNotStored(logger, device, put.Generation, other);
                return (null, false);
        }
    }

    /// <summary>What a stored value is, and what it says: both count only where it is of this control plane, for this device.</summary>
    public (StoredManifest Stored, ImmutableArray<ManifestEntry> Entries) Judge(DeviceId device, BucketEntry entry)
    {
        if (entry.IsDeleted)
        {
            return (new StoredManifest(entry.Revision, null, null), []);
        }

        var accepted = new ManifestGate(device, keys.Of(device)).Judge(floor: null, entry.Value.Span, entry.Headers.Mac) as ManifestVerdict.Accepted;
        return accepted is null
            ? (new StoredManifest(entry.Revision, Digest.Of(entry.Value.Span), null), [])
            : (new StoredManifest(entry.Revision, accepted.Mark.Digest, accepted.Mark.Generation), accepted.Manifest.Entries);
    }

    private async Task<StoredManifest?> ReadAsync(IBucket bucket, DeviceId device, ulong revision, CancellationToken cancellationToken) =>
        await bucket.GetAsync(device.Value, cancellationToken) switch
        {
            GetOutcome.Found found => Judge(device, found.Entry).Stored,
            // A marker: its revision is the one that the conflict told, if it told one.
            GetOutcome.Missing => new StoredManifest(revision, null, null),
            _ => null,
        };
}
