using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Operator.Control.Informers;
using Harmony.Fleet.Operator.Keys;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Control.Executors;

/// <summary>Writes manifests, each only over the revision that it was decided upon.</summary>
internal sealed class ManifestWriter(IBus bus, DeviceKeyRing keys, OwnManifests own, StoredManifestReader reader, FailureLog failures)
{
    /// <summary>Stores a manifest.</summary>
    /// <returns>What the bucket holds now, or that it is to be tried again.</returns>
    public async Task<EffectResult> PutAsync(DeviceId device, ManifestStep.Put put, CancellationToken cancellationToken)
    {
        var bucket = bus.Bucket(BucketNames.DesiredState);
        var mac = keys.Sign(device, MessageKinds.Manifest, put.Bytes);
        own.Keep(device, put, mac);
        switch (await bucket.UpdateAsync(device.Value, put.Bytes, put.Revision, new BusHeaders(mac), cancellationToken))
        {
            case PutOutcome.Stored stored:
                return new EffectResult.ManifestPut(new StoredManifest(stored.Revision, put.Digest, put.Generation), IsWritten: true, []);
            case PutOutcome.Conflict conflict:
                failures.Conflict(device, put.Generation, conflict.CurrentRevision);
                return await ReadAsync(bucket, device, conflict.CurrentRevision, cancellationToken);
            case var other:
                failures.NotStored(device, put.Generation, other);
                return new EffectResult.Failed();
        }
    }

    private async Task<EffectResult> ReadAsync(IBucket bucket, DeviceId device, ulong revision, CancellationToken cancellationToken)
    {
        switch (await bucket.GetLatestAsync(device.Value, cancellationToken))
        {
            case GetOutcome.Found found:
                // It may be what an earlier try wrote, of which no answer came.
                var seen = reader.ReadWhole(device, found.Entry);
                return new EffectResult.ManifestPut(seen.Stored, IsWritten: false, seen.Entries);

            // A marker: its revision is the one that the conflict told, if it told one.
            case GetOutcome.Missing:
                return new EffectResult.ManifestPut(new StoredManifest(revision, null, null), IsWritten: false, []);
            default:
                return new EffectResult.Failed();
        }
    }
}
