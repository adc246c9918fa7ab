using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Control.Informers;

/// <summary>
/// Manifests that one engine wrote a moment ago, and that the watch of their bucket brings back. One that is the same to the byte, its MAC included, is known without being
/// verified and parsed. It is bounded: a newer one takes the place of an older one. For several threads.
/// </summary>
internal sealed class OwnManifests
{
    private const int Slots = 4096;
    private readonly Own?[] slots = new Own?[Slots];

    /// <summary>This is about to be written.</summary>
    public void Keep(DeviceId device, ManifestStep.Put put, string mac) => Volatile.Write(ref SlotOf(device), new Own(device, put, mac));

    /// <summary>What the bucket holds for <paramref name="device"/>, where that is what was written last; otherwise null. It is told once.</summary>
    public StoredManifest? Take(DeviceId device, BucketEntry entry)
    {
        ref var slot = ref SlotOf(device);
        if (Volatile.Read(ref slot) is not { } own || own.Device != device || own.Mac != entry.Headers.Mac || !entry.Value.Span.SequenceEqual(own.Put.Bytes))
        {
            return null;
        }

        Interlocked.CompareExchange(ref slot, null, own);
        return new(entry.Revision, own.Put.Digest, own.Put.Generation);
    }

    private ref Own? SlotOf(DeviceId device) => ref slots[(uint)device.GetHashCode() % Slots];

    private sealed record Own(DeviceId Device, ManifestStep.Put Put, string Mac);
}
