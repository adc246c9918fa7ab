using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Aggregation;

namespace Harmony.Fleet.Core.Desired;

/// <summary>
/// What stands on devices, or may, besides what they are given: what a manifest named that is not this operator's own, what a device had until it was matched no more, and what
/// a device says that it runs by a manifest that nobody knows. It is kept whatever is known of the deployment when it is found; what becomes of it is judged when the
/// device's next manifest is decided. In a fleet where all stands as wanted it is empty. Not safe for several threads: it has one owner.
/// </summary>
public sealed class StandingEntries
{
    private static readonly ImmutableDictionary<DeploymentKey, Claim> NoClaims = ImmutableDictionary<DeploymentKey, Claim>.Empty;
    private readonly Dictionary<DeviceId, OfDevice> devices = [];
    private readonly Dictionary<DeploymentKey, OfDeployment> deployments = [];

    // How many devices' manifests name a deployment by a uid, and how many devices alone say it.
    private readonly Dictionary<(DeploymentKey Key, string Uid), (int Named, int Claimed)> uids = [];
    private readonly Dictionary<Digest, (int Count, ManifestEntry Entry)> scores = [];
    private readonly Dictionary<string, DeploymentKey> owners = new(StringComparer.Ordinal);
    private HashSet<DeviceId> moved = [];
    private HashSet<(DeploymentKey Key, string Uid)> dropped = [];

    /// <summary>Whether nothing stands anywhere but what is given.</summary>
    public bool IsEmpty => devices.Count == 0;

    /// <summary>Whether anything is known to stand on a device but what it is given.</summary>
    public bool IsKnownOf(DeviceId device) => devices.ContainsKey(device);

    /// <summary>The deployments that stand on a device, each once; a copy.</summary>
    public DeploymentKey[] KeysOf(DeviceId device) => devices.TryGetValue(device, out var standing) ? [.. standing.Named.Keys.Union(standing.Claims.Keys)] : [];

    /// <summary>What a manifest says of a deployment that stands on a device; null where none does.</summary>
    public StandingEntry? EntryOf(DeviceId device, DeploymentKey key) =>
        devices.TryGetValue(device, out var standing) && standing.Named.TryGetValue(key, out var entry) ? entry : null;

    /// <summary>What a device says that it runs of a deployment, by a manifest that nobody knows; null for nothing.</summary>
    public Claim? ClaimOf(DeviceId device, DeploymentKey key) =>
        devices.TryGetValue(device, out var standing) && standing.Claims.TryGetValue(key, out var claim) ? claim : null;

    /// <summary>The devices on which a deployment stands; a copy.</summary>
    public DeviceId[] DevicesOf(DeploymentKey key) => deployments.TryGetValue(key, out var standing) ? [.. standing.Named.Union(standing.Claiming)] : [];

    /// <summary>The devices that say by a manifest that nobody knows that they run a deployment.</summary>
    public IReadOnlyCollection<DeviceId> ClaimantsOf(DeploymentKey key) => deployments.TryGetValue(key, out var standing) ? standing.Claiming : [];

    /// <summary>How many devices' manifests name a deployment by a uid.</summary>
    public int CountOf(DeploymentKey key, string uid) => uids.GetValueOrDefault((key, uid)).Named;

    /// <summary>Whether a manifest, or a device alone, names a deployment by a uid.</summary>
    public bool IsNamed(DeploymentKey key, string uid) => uids.ContainsKey((key, uid));

    /// <summary>Of which deployment a uid is, as manifests have it; null where none names it.</summary>
    public DeploymentKey? OwnerOf(string uid) => owners.TryGetValue(uid, out var owner) ? owner : null;

    /// <summary>Whether anything that stands names the score at <paramref name="address"/>.</summary>
    public bool Names(Digest address) => scores.ContainsKey(address);

    /// <summary>Of which generation the manifest is that was found for a device; null where none was, or where another one was issued over it.</summary>
    public Generation? FoundOn(DeviceId device, DeploymentKey key) =>
        devices.TryGetValue(device, out var standing) && standing.Named.TryGetValue(key, out var entry) && entry.IsFound ? standing.Found : null;

    /// <summary>Whether the manifest that was found for a device is stored, as far as is known, and names a deployment.</summary>
    public bool IsStoredOn(DeviceId device, DeploymentKey key) => devices.TryGetValue(device, out var standing) && standing.IsStored && FoundOn(device, key) is not null;

    /// <summary>A manifest was found for a device that is not this operator's: what it says stands there, and nothing that another one said.</summary>
    /// <param name="device">The device.</param>
    /// <param name="entries">What it says; what it says more of a deployment counts last.</param>
    /// <param name="generation">Its generation.</param>
    /// <param name="isLost">Whether what matched it may have been lost.</param>
    public void Find(DeviceId device, ImmutableArray<ManifestEntry> entries, Generation generation, bool isLost)
    {
        var before = devices.TryGetValue(device, out var known) ? known.Named.ToArray() : [];
        foreach (var (key, _) in before)
        {
            Drop(device, key);
        }

        foreach (var entry in entries)
        {
            var wasLost = before.Any(one => one.Value.IsLost && one.Value.Entry.Uid == entry.Uid && one.Key == KeyOf(entry));
            Keep(device, KeyOf(entry), new(entry, IsFound: true, IsPast: false, isLost || wasLost));
        }

        if (devices.TryGetValue(device, out var standing))
        {
            (standing.Found, standing.IsStored) = (generation, true);
        }
    }

    /// <summary>An older manifest than this operator gave a device is stored again, of a copy of the bus: what it names, and nobody knows, may be all that is left to know of it.</summary>
    public void FindPast(DeviceId device, ManifestEntry entry)
    {
        if (EntryOf(device, KeyOf(entry)) is null)
        {
            Keep(device, KeyOf(entry), new(entry, IsFound: false, IsPast: true, IsLost: false));
        }
    }

    /// <summary>A device is matched no more, and its manifest says this. Where one was found that says something else, and nothing was issued since, that stands.</summary>
    /// <param name="device">The device.</param>
    /// <param name="key">By what.</param>
    /// <param name="entry">What its manifest says of it.</param>
    /// <param name="isLost">Whether what matched it may have been lost.</param>
    public void Part(DeviceId device, DeploymentKey key, ManifestEntry entry, bool isLost)
    {
        if (EntryOf(device, key) is null or { IsPast: true })
        {
            Keep(device, key, new(entry, IsFound: false, IsPast: false, isLost));
        }
    }

    /// <summary>A manifest is issued for a device, or stands as it is wanted, and says this of what is not given to it.</summary>
    /// <param name="device">The device.</param>
    /// <param name="kept">What it says; all else stands there no more, but for what a manifest that was found, and still stands, names of what is given.</param>
    /// <param name="isIssued">Whether it is issued now.</param>
    public void Write(DeviceId device, IReadOnlyCollection<(ManifestEntry Entry, bool IsLost)> kept, bool isIssued)
    {
        if (!devices.TryGetValue(device, out var standing))
        {
            return;
        }

        // While a manifest that was found stands, for what is kept of it, all that it names stays known: what of that is deleted is stored there still.
        var isFoundStill = !isIssued && kept.Count > 0;
        foreach (var (key, _) in standing.Named.Where(named => !kept.Any(one => KeyOf(one.Entry) == named.Key) && !(isFoundStill && named.Value.IsFound)).ToArray())
        {
            Drop(device, key);
        }

        foreach (var (entry, isLost) in kept)
        {
            Keep(device, KeyOf(entry), new(entry, !isIssued && FoundOn(device, KeyOf(entry)) is not null, IsPast: false, isLost));
        }

        Hear(device, NoClaims);
    }

    /// <summary>Nothing is stored as a device's manifest any more: what was found for it stands all the same.</summary>
    public void Unstore(DeviceId device)
    {
        if (devices.TryGetValue(device, out var standing))
        {
            standing.IsStored = false;
        }
    }

    /// <summary>A device says that it runs these by a manifest that nobody knows; nothing where its manifest is known. What it said before counts no more.</summary>
    public void Hear(DeviceId device, IReadOnlyDictionary<DeploymentKey, ScoreIdentity> said) => Hear(device, said.Count == 0 ? NoClaims : said.ToImmutableDictionary(
        one => one.Key, one => new Claim(one.Value, ClaimOf(device, one.Key) is { IsLost: true } before && before.Uid == one.Value.Uid)));

    /// <summary>The store had lost a deployment, and it is there again: the labels of devices may be lost as well.</summary>
    public void Lose(DeploymentKey key)
    {
        foreach (var device in DevicesOf(key))
        {
            var standing = devices[device];
            if (standing.Named.TryGetValue(key, out var entry))
            {
                standing.Named[key] = entry with { IsLost = true };
            }

            if (standing.Claims.TryGetValue(key, out var claim))
            {
                standing.Claims = standing.Claims.SetItem(key, claim with { IsLost = true });
            }
        }
    }

    /// <summary>A device is gone.</summary>
    public void Forget(DeviceId device)
    {
        Hear(device, NoClaims);
        foreach (var (key, standing) in devices.TryGetValue(device, out var known) ? known.Named.ToArray() : [])
        {
            dropped.Add((key, standing.Entry.Uid));
            Drop(device, key);
        }
    }

    /// <summary>The manifest of a device has to be decided anew.</summary>
    public void Move(DeviceId device) => moved.Add(device);

    /// <summary>The devices whose manifests have to be decided anew, since this was last called.</summary>
    public IReadOnlyCollection<DeviceId> TakeMoved()
    {
        var taken = moved;
        moved = taken.Count == 0 ? taken : [];
        return taken;
    }

    /// <summary>The deployments, each with a uid, that a device claims no more, or that the manifest of one that is gone named, since this was last called.</summary>
    public IReadOnlyCollection<(DeploymentKey Key, string Uid)> TakeDropped()
    {
        var taken = dropped;
        dropped = taken.Count == 0 ? taken : [];
        return taken;
    }

    private static DeploymentKey KeyOf(ManifestEntry entry) => new(entry.Namespace, entry.Name);

    private void Hear(DeviceId device, ImmutableDictionary<DeploymentKey, Claim> said)
    {
        var before = devices.TryGetValue(device, out var known) ? known.Claims : NoClaims;
        if (before.IsEmpty && said.IsEmpty)
        {
            return;
        }

        foreach (var (key, claim) in before)
        {
            if (said.GetValueOrDefault(key)?.Uid != claim.Uid)
            {
                dropped.Add((key, claim.Uid));
                Count(key, claim.Uid, claimed: -1);
                deployments[key].Claiming.Remove(device);
                LetGo(key);
            }
        }

        foreach (var (key, claim) in said)
        {
            if (Of(key).Claiming.Add(device))
            {
                Count(key, claim.Uid, claimed: 1);
            }
        }

        Of(device).Claims = said;
        LetGo(device);
    }

    private void Keep(DeviceId device, DeploymentKey key, StandingEntry entry)
    {
        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(Of(device).Named, key, out var isThere);
        var before = place.Entry;
        place = entry with { Entry = Share(entry.Entry) };
        Count(key, entry.Entry, 1);
        if (isThere)
        {
            Count(key, before, -1);
        }
        else
        {
            Of(key).Named.Add(device);
        }
    }

    private void Drop(DeviceId device, DeploymentKey key)
    {
        if (!devices.TryGetValue(device, out var standing) || !standing.Named.Remove(key, out var entry))
        {
            return;
        }

        deployments[key].Named.Remove(device);
        Count(key, entry.Entry, -1);
        LetGo(device);
        LetGo(key);
    }

    private void Count(DeploymentKey key, ManifestEntry entry, int named)
    {
        Count(key, entry.Uid, named);
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(scores, entry.Address, out _);
        count = (count.Count + named, count.Entry ?? entry);
        if (count.Count == 0)
        {
            scores.Remove(entry.Address);
        }
    }

    // Each manifest that is read has its own, and many devices have the same.
    private ManifestEntry Share(ManifestEntry entry) =>
        scores.TryGetValue(entry.Address, out var known) && known.Entry is var same && (same.Namespace, same.Name, same.Uid, same.ScoreDigest) == (entry.Namespace, entry.Name, entry.Uid, entry.ScoreDigest) ? same : entry;

    private void Count(DeploymentKey key, string uid, int named = 0, int claimed = 0)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(uids, (key, uid), out _);
        count = (count.Named + named, count.Claimed + claimed);
        if (named > 0)
        {
            owners[uid] = key;
        }
        else if (named < 0 && count.Named == 0 && owners.GetValueOrDefault(uid) == key)
        {
            owners.Remove(uid);
        }

        if (count == default)
        {
            uids.Remove((key, uid));
        }
    }

    private OfDevice Of(DeviceId device) => CollectionsMarshal.GetValueRefOrAddDefault(devices, device, out _) ??= new();

    private OfDeployment Of(DeploymentKey key) => CollectionsMarshal.GetValueRefOrAddDefault(deployments, key, out _) ??= new();

    private void LetGo(DeviceId device)
    {
        if (devices.TryGetValue(device, out var standing) && standing is { Named.Count: 0, Claims.IsEmpty: true })
        {
            devices.Remove(device);
        }
    }

    private void LetGo(DeploymentKey key)
    {
        if (deployments[key] is { Named.Count: 0, Claiming.Count: 0 })
        {
            deployments.Remove(key);
        }
    }

    private sealed class OfDevice
    {
        public Dictionary<DeploymentKey, StandingEntry> Named { get; } = new(1);

        public ImmutableDictionary<DeploymentKey, Claim> Claims { get; set; } = NoClaims;

        public Generation? Found { get; set; }

        public bool IsStored { get; set; }
    }

    private sealed class OfDeployment
    {
        public HashSet<DeviceId> Named { get; } = [];

        public HashSet<DeviceId> Claiming { get; } = [];
    }
}

/// <summary>What a manifest says of a deployment that stands on a device and is not given to it, or not so.</summary>
/// <param name="Entry">What it says.</param>
/// <param name="IsFound">Whether that manifest was found, and nothing was issued over it; otherwise this operator gave it.</param>
/// <param name="IsPast">Whether it is an older one than the device was given since: what is known to be wanted elsewhere stands there no more.</param>
/// <param name="IsLost">Whether what matched it may have been lost: that is held from one device on.</param>
public readonly record struct StandingEntry(ManifestEntry Entry, bool IsFound, bool IsPast, bool IsLost);

/// <summary>What a device alone says of a deployment.</summary>
/// <param name="Identity">Which version of which resource it says that it runs.</param>
/// <param name="IsLost">Whether the store had lost that: its removal is held from one device on.</param>
public sealed record Claim(ScoreIdentity Identity, bool IsLost)
{
    /// <summary>The uid of that resource.</summary>
    public string Uid => Identity.Uid;
}
