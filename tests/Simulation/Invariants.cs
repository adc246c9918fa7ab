using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using Harmony.Fleet.Core.Reconciling;

namespace Harmony.Fleet.Tests.Simulation;

/// <summary>What must hold at every moment, whatever goes wrong.</summary>
internal sealed class Invariants(World world)
{
    /// <summary>How far behind the store an operator's view may be.</summary>
    private const double ViewSeconds = 60;

    private readonly Dictionary<DeviceId, ManifestMark> newest = [];
    private readonly Dictionary<Digest, DateTimeOffset> issued = [];
    private readonly Dictionary<(DeviceId Device, DeploymentKey Key, string Uid), int> versions = [];

    public void DiskLost(DeviceId device)
    {
        newest.Remove(device);
        foreach (var gone in versions.Keys.Where(key => key.Device == device).ToArray())
        {
            versions.Remove(gone);
        }
    }

    /// <summary>An operator wants this done.</summary>
    public void Decided(SimulatedOperator by, FleetEffect effect)
    {
        switch (effect)
        {
            case FleetEffect.PutManifest put:
                issued.TryAdd(put.Step.Digest, world.Schedule.Now);
                break;
            case FleetEffect.PatchFinalizers { Resource.Metadata.DeletionTimestamp: not null } patch
                when by.Link.IsUp && (world.Schedule.Now - world.Faults.Rewound).TotalSeconds > ViewSeconds:
                Left(patch.Key, patch.Resource.Metadata.Uid!, patch.Resource.Metadata.DeletionTimestamp!.Value);
                break;
            default:
                break;
        }
    }

    /// <summary>A device takes a manifest.</summary>
    public void Taken(DeviceId device, ManifestMark mark)
    {
        if (newest.TryGetValue(device, out var before)
            && (mark.Generation < before.Generation || (mark.Generation == before.Generation && mark.Digest != before.Digest)))
        {
            throw new ViolationException("P1", $"{device} goes from {before} to {mark}");
        }

        newest[device] = mark;
    }

    /// <summary>A device begins to run a version of a deployment.</summary>
    public void Started(DeviceId device, DeploymentKey key, ManifestEntry entry)
    {
        var (pair, version) = ((device, key, entry.Uid), world.Intent.VersionOf(entry.Uid, entry.ScoreDigest.Value));
        if (versions.TryGetValue(pair, out var before) && version < before)
        {
            throw new ViolationException("only forward", $"{device} goes back to an older version of {key}");
        }

        versions[pair] = version;
    }

    /// <summary>A device removes what runs, because of a manifest.</summary>
    public void Removed(DeviceId device, DeploymentKey key, string uid, ManifestMark by)
    {
        if (world.Intent.LastUnmatched(device, key) < issued[by.Digest].AddSeconds(-ViewSeconds))
        {
            throw new ViolationException("no container is removed by a fault", $"{device} removes {key} ({uid}) by {by}, and it belongs there all the time");
        }
    }

    // Of devices that were there when it was deleted: what is stored for one that is gone is removed with it, and one that comes later is not waited for.
    private void Left(DeploymentKey key, string uid, DateTimeOffset deleted)
    {
        foreach (var stored in world.Bus[BucketNames.DesiredState].Keys.Values.Where(one =>
            !one.IsDeleted && world.Devices.Items.TryGetValue(one.Key, out var device) && device.Metadata.CreationTimestamp < deleted))
        {
            if (world.Reader.Read(WatchedBucket.DesiredState, stored) is FleetEvent.ManifestSeen seen
                && seen.Entries.Any(entry => entry.Name == key.Name && entry.Namespace == key.Namespace && entry.Uid == uid))
            {
                throw new ViolationException("a finalizer goes last", $"{key} leaves, and the manifest of {stored.Key} names it");
            }
        }
    }
}
