using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Core.Desired;

/// <summary>
/// What stored manifests say of deployments that this control plane cannot judge, for example because a newer one wrote them, or because the
/// store lost them: it stays as it is until they can be judged, or are deleted. Not safe for several threads: it has one owner.
/// </summary>
public sealed class FrozenEntries
{
    private static readonly ImmutableDictionary<DeploymentKey, string> NoClaims = ImmutableDictionary<DeploymentKey, string>.Empty;
    private readonly Dictionary<DeploymentKey, Frozen> deployments = [];
    private readonly Dictionary<DeviceId, Dictionary<DeploymentKey, ManifestEntry>> devices = [];
    private readonly Dictionary<DeviceId, ImmutableDictionary<DeploymentKey, string>> claims = [];

    // How many devices claim a deployment by a uid.
    private readonly Dictionary<(DeploymentKey Key, string Uid), int> claimed = [];
    private readonly Dictionary<Digest, int> named = [];

    // Of which deployment a uid is, and how many entries say so.
    private readonly Dictionary<string, (DeploymentKey Key, int Count)> owners = new(StringComparer.Ordinal);
    private HashSet<DeviceId> moved = [];
    private HashSet<(DeploymentKey Key, string Uid)> dropped = [];

    /// <summary>Whether a deployment is frozen.</summary>
    /// <param name="key">Which.</param>
    /// <param name="uid">The resource's uid: one that was made anew under the same name is another.</param>
    public bool Has(DeploymentKey key, string uid) => deployments.GetValueOrDefault(key)?.Uid == uid;

    /// <summary>The frozen deployments that a device's manifest names.</summary>
    public IReadOnlyCollection<DeploymentKey> DeploymentsOf(DeviceId device) => devices.TryGetValue(device, out var entries) ? entries.Keys : [];

    /// <summary>The devices whose manifests are known to name a frozen deployment.</summary>
    public IReadOnlyCollection<DeviceId> DevicesOf(DeploymentKey key) => deployments.TryGetValue(key, out var frozen) ? frozen.Devices : [];

    /// <summary>What a device's manifest is known to say of a frozen deployment; null where it does not name it.</summary>
    public ManifestEntry? EntryOf(DeviceId device, DeploymentKey key) => devices.TryGetValue(device, out var entries) ? entries.GetValueOrDefault(key) : null;

    /// <summary>By which uid a device's manifest is known to name a frozen deployment; null where it is not.</summary>
    public string? UidOf(DeviceId device, DeploymentKey key) => EntryOf(device, key)?.Uid;

    /// <summary>The uids by which manifests are known to name a frozen deployment.</summary>
    public IReadOnlySet<string> UidsOf(DeploymentKey key) => DevicesOf(key).Select(device => devices[device][key].Uid).ToHashSet(StringComparer.Ordinal);

    /// <summary>Of which frozen deployment a uid is, as manifests that are known have it; null where none names it.</summary>
    public DeploymentKey? OwnerOf(string uid) => owners.TryGetValue(uid, out var owner) ? owner.Key : null;

    /// <summary>The devices that say that a frozen deployment stands on them, and whose manifests are not known.</summary>
    public IReadOnlyCollection<DeviceId> ClaimantsOf(DeploymentKey key) => deployments.TryGetValue(key, out var frozen) ? frozen.Claimants : [];

    /// <summary>What manifests say of a deployment stays from now on.</summary>
    /// <param name="key">Which.</param>
    /// <param name="uid">The resource's uid; null where it is not known, and then whichever the manifests name.</param>
    public void Freeze(DeploymentKey key, string? uid)
    {
        var known = deployments.GetValueOrDefault(key);
        var next = new Frozen(uid, [], known?.Claimants ?? []);
        foreach (var device in known?.Devices ?? [])
        {
            if (next.Is(devices[device][key]))
            {
                next.Devices.Add(device);
            }
            else
            {
                Drop(device, key);
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
            foreach (var device in frozen.Devices)
            {
                Drop(device, key);
                moved.Add(device);
            }

            foreach (var device in frozen.Claimants)
            {
                Unclaim(key, claims[device][key]);
                SetClaims(device, claims[device].Remove(key));
                moved.Add(device);
            }
        }
    }

    /// <summary>These of its name are known to be removed by intent: what manifests say of them goes, and what they say of others stays.</summary>
    public void Thaw(DeploymentKey key, IReadOnlyCollection<string> uids)
    {
        foreach (var device in DevicesOf(key).Where(device => uids.Contains(devices[device][key].Uid)).ToArray())
        {
            deployments[key].Devices.Remove(device);
            Drop(device, key);
            moved.Add(device);
        }

        moved.UnionWith(ClaimantsOf(key).Where(device => uids.Contains(claims[device][key])));
    }

    /// <summary>A device says that these stand on it, all of which are frozen, by these uids, and its manifest is not known: what it says takes the place of what it said before.</summary>
    public void Claim(DeviceId device, ImmutableDictionary<DeploymentKey, string> said)
    {
        foreach (var (key, uid) in claims.GetValueOrDefault(device, NoClaims))
        {
            if (!said.TryGetValue(key, out var next) || next != uid)
            {
                deployments[key].Claimants.Remove(device);
                Unclaim(key, uid);
            }
        }

        foreach (var (key, uid) in said)
        {
            if (deployments[key].Claimants.Add(device))
            {
                claimed[(key, uid)] = claimed.GetValueOrDefault((key, uid)) + 1;
            }
        }

        SetClaims(device, said);
    }

    /// <summary>Whether a manifest that is known names a frozen deployment by a uid, or a device whose manifest is not known says so.</summary>
    public bool IsNamed(DeploymentKey key, string uid) => claimed.ContainsKey((key, uid)) || OwnerOf(uid) == key;

    /// <summary>The frozen deployments, each with a uid, that a device claims no more, or that the manifest of one that is gone named, since this was last called.</summary>
    public IReadOnlyCollection<(DeploymentKey Key, string Uid)> TakeDropped()
    {
        var taken = dropped;
        dropped = [];
        return taken;
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
            var key = new DeploymentKey(entry.Namespace, entry.Name);
            if (deployments.TryGetValue(key, out var frozen) && frozen.Is(entry))
            {
                Drop(device, key);
                frozen.Devices.Add(device);
                Keep(device, key, entry);
            }
        }
    }

    /// <summary>A device is gone.</summary>
    public void Forget(DeviceId device)
    {
        Claim(device, NoClaims);
        foreach (var (key, entry) in devices.TryGetValue(device, out var entries) ? entries.ToArray() : [])
        {
            dropped.Add((key, entry.Uid));
            deployments[key].Devices.Remove(device);
            Drop(device, key);
        }
    }

    /// <summary>A manifest's entries with the frozen ones, by namespace and name. What runs already goes first where not all have a place.</summary>
    public ImmutableArray<ManifestEntry> AddTo(DeviceId device, ImmutableArray<ManifestEntry> entries) => devices.TryGetValue(device, out var kept)
        ? [.. kept.Values.Concat(entries).Take(WireLimits.MaxDeploymentsPerDevice).OrderBy(entry => new DeploymentKey(entry.Namespace, entry.Name))]
        : entries;

    /// <summary>Whether a frozen entry names the score at <paramref name="address"/>.</summary>
    public bool Names(Digest address) => named.ContainsKey(address);

    /// <summary>The devices whose manifests changed by thawing since this was last called.</summary>
    public IReadOnlyCollection<DeviceId> TakeMoved()
    {
        var taken = moved;
        moved = [];
        return taken;
    }

    private void Keep(DeviceId device, DeploymentKey key, ManifestEntry entry)
    {
        if (!devices.TryGetValue(device, out var entries))
        {
            devices[device] = entries = [];
        }

        entries[key] = entry;
        named[entry.Address] = named.GetValueOrDefault(entry.Address) + 1;
        owners[entry.Uid] = (key, owners.GetValueOrDefault(entry.Uid).Count + 1);
    }

    private void Drop(DeviceId device, DeploymentKey key)
    {
        if (!devices.TryGetValue(device, out var entries) || !entries.Remove(key, out var entry))
        {
            return;
        }

        if (entries.Count == 0)
        {
            devices.Remove(device);
        }

        if (--named[entry.Address] == 0)
        {
            named.Remove(entry.Address);
        }

        var (owner, count) = owners[entry.Uid];
        if (count == 1)
        {
            owners.Remove(entry.Uid);
        }
        else
        {
            owners[entry.Uid] = (owner, count - 1);
        }
    }

    private void Unclaim(DeploymentKey key, string uid)
    {
        dropped.Add((key, uid));
        if (--claimed[(key, uid)] == 0)
        {
            claimed.Remove((key, uid));
        }
    }

    private void SetClaims(DeviceId device, ImmutableDictionary<DeploymentKey, string> said)
    {
        if (said.IsEmpty)
        {
            claims.Remove(device);
        }
        else
        {
            claims[device] = said;
        }
    }

    private sealed record Frozen(string? Uid, HashSet<DeviceId> Devices, HashSet<DeviceId> Claimants)
    {
        public bool Is(ManifestEntry entry) => Uid is null || Uid == entry.Uid;
    }
}
