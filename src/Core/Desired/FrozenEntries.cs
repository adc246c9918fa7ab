using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Core.Desired;

/// <summary>
/// What stored manifests say of deployments that this control plane cannot judge, for example because a newer one wrote them: it stays
/// as it is until they can be judged, or are deleted. Not safe for several threads: it has one owner.
/// </summary>
public sealed class FrozenEntries
{
    private readonly Dictionary<DeploymentKey, Frozen> deployments = [];
    private HashSet<DeviceId> moved = [];

    /// <summary>Whether a deployment is frozen.</summary>
    /// <param name="key">Which.</param>
    /// <param name="uid">The resource's uid: one that was made anew under the same name is another.</param>
    public bool Has(DeploymentKey key, string uid) => deployments.GetValueOrDefault(key)?.Uid == uid;

    /// <summary>What manifests say of a deployment stays from now on.</summary>
    /// <param name="key">Which.</param>
    /// <param name="uid">The resource's uid; null where it is not known, and then whichever the manifests name.</param>
    public void Freeze(DeploymentKey key, string? uid)
    {
        var next = new Frozen(uid, []);
        foreach (var (device, entry) in deployments.GetValueOrDefault(key)?.Entries ?? [])
        {
            if (next.Is(entry))
            {
                next.Entries[device] = entry;
            }
            else
            {
                moved.Add(device);
            }
        }

        deployments[key] = next;
    }

    /// <summary>A deployment can be judged, or is to go.</summary>
    public void Thaw(DeploymentKey key)
    {
        if (deployments.Remove(key, out var frozen))
        {
            moved.UnionWith(frozen.Entries.Keys);
        }
    }

    /// <summary>An authentic stored manifest was seen.</summary>
    public void See(DeviceId device, ImmutableArray<ManifestEntry> entries)
    {
        if (deployments.Count == 0)
        {
            return;
        }

        foreach (var entry in entries)
        {
            if (deployments.TryGetValue(new DeploymentKey(entry.Namespace, entry.Name), out var frozen) && frozen.Is(entry))
            {
                frozen.Entries[device] = entry;
            }
        }
    }

    /// <summary>A device is gone.</summary>
    public void Forget(DeviceId device)
    {
        foreach (var frozen in deployments.Values)
        {
            frozen.Entries.Remove(device);
        }
    }

    /// <summary>A manifest's entries with the frozen ones, by namespace and name. What runs already goes first where not all have a place.</summary>
    public ImmutableArray<ManifestEntry> AddTo(DeviceId device, ImmutableArray<ManifestEntry> entries)
    {
        var kept = deployments.Values.Where(frozen => frozen.Entries.ContainsKey(device)).Select(frozen => frozen.Entries[device]).ToArray();
        return kept.Length == 0
            ? entries
            : [.. kept.Concat(entries).Take(WireLimits.MaxDeploymentsPerDevice).OrderBy(entry => new DeploymentKey(entry.Namespace, entry.Name))];
    }

    /// <summary>Whether a frozen entry names the score at <paramref name="address"/>.</summary>
    public bool Names(Digest address) => deployments.Values.Any(frozen => frozen.Entries.Values.Any(entry => entry.Address == address));

    /// <summary>The devices whose manifests changed by thawing since this was last called.</summary>
    public IReadOnlyCollection<DeviceId> TakeMoved()
    {
        var taken = moved;
        moved = [];
        return taken;
    }

    private sealed record Frozen(string? Uid, Dictionary<DeviceId, ManifestEntry> Entries)
    {
        public bool Is(ManifestEntry entry) => Uid is null || Uid == entry.Uid;
    }
}
