using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Core.Desired;

/// <summary>
/// Devices that a deployment matches no more, by a change of its selector or of their labels, and whose manifests name it. Where these are many at
/// once, what stands there stays until somebody approves: a wrong letter must not empty a fleet. Not safe for several threads: it has one owner.
/// </summary>
/// <param name="options">How many are many.</param>
public sealed class HeldRemovals(RemovalOptions options)
{
    private readonly Dictionary<DeploymentKey, PendingRemoval> deployments = [];
    private readonly Dictionary<DeviceId, HashSet<DeploymentKey>> devices = [];
    private readonly Dictionary<DeviceId, FoundManifest> found = [];
    private readonly Dictionary<Digest, int> named = [];

    // What was removed from a device by a manifest that is not known to be stored.
    private readonly Dictionary<DeviceId, HashSet<DeploymentKey>> unconfirmed = [];
    private readonly HashSet<DeploymentKey> ended = [];
    private HashSet<DeviceId> moved = [];
    private HashSet<DeploymentKey> changed = [];

    /// <summary>Whether nothing is to be removed anywhere.</summary>
    public bool IsEmpty => devices.Count == 0;

    /// <summary>A device is matched no more.</summary>
    /// <param name="device">Which.</param>
    /// <param name="key">By what.</param>
    /// <param name="entry">What its manifest says of it.</param>
    /// <param name="generation">Of which generation a manifest that was found says so; null for one that this operator made.</param>
    /// <param name="isLost">Whether nobody changed anything: what matched it may have been lost. That is held from one device on.</param>
    /// <param name="isUnknown">Whether only the device says so, of a version that cannot be given to it.</param>
    public void Add(DeviceId device, DeploymentKey key, ManifestEntry entry, Generation? generation = null, bool isLost = false, bool isUnknown = false)
    {
        if (!deployments.TryGetValue(key, out var removal))
        {
            deployments[key] = removal = new PendingRemoval();
        }

        removal.IsLost |= isLost;
        if (generation is null && !isUnknown && found.TryGetValue(device, out var manifest) && manifest.Older.FirstOrDefault(one => KeyOf(one) == key) is { } older)
        {
            (entry, generation) = (older, manifest.Generation);
        }

        if (removal.Waiting.TryAdd(device, new WaitingRemoval(entry, generation, isUnknown)))
        {
            removal.Undo(device);
            changed.Add(key);
            (devices.TryGetValue(device, out var keys) ? keys : devices[device] = []).Add(key);
            Name(entry.Address);
        }
    }

    /// <summary>A manifest that is found, or the device, says another version of what is to be removed than was known: that stands.</summary>
    public void Correct(DeviceId device, DeploymentKey key, ManifestEntry entry, Generation? generation, bool isUnknown = false)
    {
        if (deployments.TryGetValue(key, out var removal) && removal.Waiting.TryGetValue(device, out var waiting))
        {
            removal.Waiting[device] = new(entry, generation, isUnknown);
            Name(entry.Address);
            Unname(waiting.Entry.Address);
        }
    }

    /// <summary>Those from which a device is to be removed.</summary>
    public IReadOnlyCollection<DeploymentKey> Of(DeviceId device) => devices.TryGetValue(device, out var keys) ? keys : [];

    /// <summary>Of which generation the manifest is that was found to name it; null for one that this operator made.</summary>
    public Generation? GenerationOf(DeviceId device, DeploymentKey key) =>
        deployments.TryGetValue(key, out var removal) && removal.Waiting.TryGetValue(device, out var waiting) ? waiting.Generation : null;

    /// <summary>What the manifest of a device from which it is to be removed says of it; null where it is not to be.</summary>
    public ManifestEntry? EntryOf(DeviceId device, DeploymentKey key) =>
        deployments.TryGetValue(key, out var removal) && removal.Waiting.TryGetValue(device, out var waiting) ? waiting.Entry : null;

    /// <summary>The devices from which one is to be removed, held or not.</summary>
    public IReadOnlyCollection<DeviceId> WaitingOf(DeploymentKey key) => deployments.TryGetValue(key, out var removal) ? removal.Waiting.Keys : [];

    /// <summary>What is held there and was found in a manifest, which this operator did not make.</summary>
    public IEnumerable<ManifestEntry> FoundOn(DeviceId device) => Of(device)
        .Where(key => deployments[key] is { IsHeld: true } removal && removal.Waiting[device].Generation is not null)
        .Select(key => deployments[key].Waiting[device].Entry);

    /// <summary>A manifest was found for a device, which this operator did not make, and that names what is to be removed, or what is wanted in another version.</summary>
    /// <param name="device">The device.</param>
    /// <param name="entries">All that it says.</param>
    /// <param name="older">What it says of those that are wanted in another version: that stands, and is held where they are to be removed.</param>
    /// <param name="generation">Its generation.</param>
    public void Find(DeviceId device, ImmutableArray<ManifestEntry> entries, ImmutableArray<ManifestEntry> older, Generation generation) =>
        found[device] = new([.. entries.Select(KeyOf)], older, generation);

    /// <summary>Another manifest stands for a device in the place of one that was found, or nothing.</summary>
    public void SeeAnother(DeviceId device, ImmutableArray<ManifestEntry> entries, Generation? generation)
    {
        if (found.TryGetValue(device, out var manifest) && manifest.Generation != generation)
        {
            found[device] = manifest with { Names = [.. entries.Select(KeyOf)], Older = [] };
        }
    }

    /// <summary>Whether the manifest that was found for a device, and nothing was issued over, names a deployment.</summary>
    public bool IsNamedOn(DeviceId device, DeploymentKey key) => found.TryGetValue(device, out var manifest) && manifest.Names.Contains(key);

    /// <summary>A device is matched again, or never had it.</summary>
    public void Drop(DeviceId device, DeploymentKey key) => Take(device, key);

    /// <summary>This is written for a device, or is stored already: what it names no more is removed, whatever is held later. What was given out is not given back.</summary>
    public void Write(DeviceId device, ImmutableArray<ManifestEntry> entries, DateTimeOffset now)
    {
        foreach (var key in Of(device).Where(key => !entries.Any(entry => entry.Namespace == key.Namespace && entry.Name == key.Name)).ToArray())
        {
            Take(device, key);
            deployments[key].Remember(device, now);
            (unconfirmed.TryGetValue(device, out var keys) ? keys : unconfirmed[device] = []).Add(key);
        }

        if (Of(device).Count == 0)
        {
            found.Remove(device);
        }
    }

    /// <summary>A manifest is issued for a device with all that is held there: it is this operator's own from now on, whatever was found.</summary>
    public void Issue(DeviceId device)
    {
        found.Remove(device);
        foreach (var key in Of(device))
        {
            var waiting = deployments[key].Waiting;
            waiting[device] = waiting[device] with { Generation = null };
        }
    }

    /// <summary>A deployment is gone, or is deleted by intent: nothing of it is held.</summary>
    public void Forget(DeploymentKey key)
    {
        if (deployments.TryGetValue(key, out var removal))
        {
            foreach (var device in removal.Waiting.Keys.ToArray())
            {
                Take(device, key);
                moved.Add(device);
            }

            deployments.Remove(key);
        }

        ended.Remove(key);
    }

    /// <summary>These of its name are known to be removed by intent: nothing of them is held.</summary>
    public void Forget(DeploymentKey key, IReadOnlyCollection<string> uids)
    {
        foreach (var device in WaitingOf(key).Where(device => uids.Contains(EntryOf(device, key)!.Uid)).ToArray())
        {
            Take(device, key);
            moved.Add(device);
        }
    }

    /// <summary>A device is gone.</summary>
    public void Forget(DeviceId device)
    {
        found.Remove(device);
        Confirm(device);
        foreach (var key in Of(device).ToArray())
        {
            Take(device, key);
        }
    }

    /// <summary>Judges a deployment anew.</summary>
    /// <param name="key">Which.</param>
    /// <param name="facts">What is known of it.</param>
    /// <param name="now">The time.</param>
    /// <returns>Whether what is held of it, or told of it, changed.</returns>
    public bool Judge(DeploymentKey key, RemovalFacts facts, DateTimeOffset now)
    {
        if (!deployments.TryGetValue(key, out var removal))
        {
            return false;
        }

        var (was, before) = (removal.IsHeld, (removal.Hold, removal.Told, removal.DoneTold));
        removal.Forget(now - options.Window);
        removal.GoOnFrom(facts.LastHold);
        if (facts.IsFirst)
        {
            removal.Resume(facts.LastHold);
        }

        if (was && !removal.IsOf(facts.Generation))
        {
            removal.BeginHold(facts.Generation, facts.Approved.Hold, isTheSame: false); // What was approved of the one before may be other devices.
        }

        if (was || facts.WasHeld)
        {
            removal.ForgetApproved(); // While it is held nothing goes by an approval.
        }

        var (waits, all) = (removal.Waiting.Count, removal.Waiting.Count + removal.DoneCount);
        var isMany = all > options.Count && all > options.Fraction * (facts.Matched + all);
        var isApproved = facts.Approved.Hold == removal.Hold && removal.Hold > 0 && waits + removal.DoneSinceApproval <= facts.Approved.Most;
        removal.IsHeld = waits > 0 && !isApproved && (was || facts.WasHeld || isMany || removal.IsLost);
        if (removal.IsHeld && !was)
        {
            removal.BeginHold(facts.Generation, facts.Approved.Hold, isTheSame: facts is { WasHeld: true, IsSameGeneration: true });
        }

        if (was && !removal.IsHeld)
        {
            moved.UnionWith(removal.Waiting.Keys);
        }

        removal.IsLost &= waits > 0;
        if (removal.IsOver)
        {
            removal.End();
            ended.Add(key);
        }

        (removal.Told, removal.DoneTold) = (removal.IsHeld ? waits : 0, removal.Recent?.Count ?? 0);
        if (waits == 0 && removal.DoneCount == 0)
        {
            deployments.Remove(key);
        }

        return was != removal.IsHeld || before != (removal.Hold, removal.Told, removal.DoneTold);
    }

    /// <summary>What was approved of one was carried out by an operator before, as far as anybody knows: its approval approves nothing else.</summary>
    public void End(DeploymentKey key)
    {
        if (WaitingOf(key).Count == 0)
        {
            ended.Add(key);
        }
    }

    /// <summary>This is stored for a device: what was removed from it is known to be.</summary>
    public void Confirm(DeviceId device)
    {
        foreach (var key in unconfirmed.Remove(device, out var keys) ? keys : [])
        {
            if (deployments.TryGetValue(key, out var removal) && removal.Confirm(device))
            {
                changed.Add(key);
            }
        }
    }

    /// <summary>An operator before removed it from so many devices, as its status says: what counted for that one counts for this one. Asked once, before anything else is known of it.</summary>
    public void Remember(DeploymentKey key, RecentRemovals? removals, DateTimeOffset now)
    {
        if (removals is { Count: > 0 } && now - removals.At <= options.Window && !deployments.ContainsKey(key))
        {
            (deployments[key] = new PendingRemoval()).RememberOthers(removals.Count, removals.At < now ? removals.At : now);
        }
    }

    /// <summary>From how many devices it was removed within the window; null for none.</summary>
    public RecentRemovals? RecentOf(DeploymentKey key) => deployments.TryGetValue(key, out var removal) ? removal.Recent : null;

    /// <summary>The devices from which its removal is held, by name as people count them.</summary>
    public ImmutableArray<DeviceId> HeldOn(DeploymentKey key) => deployments.TryGetValue(key, out var removal) && removal.IsHeld
        ? [.. removal.Waiting.Keys.OrderBy(device => device.Value, NaturalOrder.Names)]
        : [];

    /// <summary>The deployments whose removal from a device is held.</summary>
    public IEnumerable<DeploymentKey> HeldOn(DeviceId device) => Of(device).Where(key => deployments[key].IsHeld);

    /// <summary>Whether what a device alone says that it runs is to be removed from it, in a version that cannot be given to it.</summary>
    public bool IsUnknown(DeviceId device, DeploymentKey key) => deployments.TryGetValue(key, out var removal) && removal.Waiting.TryGetValue(device, out var waiting) && waiting.IsUnknown;

    /// <summary>The number of the present hold, or of that which was approved and is being carried out; 0 where it is over, and null where nothing is known of any.</summary>
    public long? HoldOf(DeploymentKey key) =>
        deployments.TryGetValue(key, out var removal) && removal.Hold > 0 ? removal.Hold : ended.Contains(key) ? 0 : null;

    /// <summary>A manifest's entries with those that are held, by namespace and name. What runs already goes first where not all have a place.</summary>
    public ImmutableArray<ManifestEntry> AddTo(DeviceId device, ImmutableArray<ManifestEntry> entries)
    {
        ManifestEntry[] held = [.. HeldOn(device).Select(key => deployments[key].Waiting[device].Entry)];
        return held.Length == 0 ? entries
            : [.. held.Concat(entries).DistinctBy(KeyOf).Take(WireLimits.MaxDeploymentsPerDevice).OrderBy(KeyOf)];
    }

    /// <summary>Whether what is to be removed names the score at <paramref name="address"/>.</summary>
    public bool Names(Digest address) => named.ContainsKey(address);

    /// <summary>The devices whose manifests changed by what is held no more, since this was last called.</summary>
    public IReadOnlyCollection<DeviceId> TakeMoved()
    {
        var taken = moved;
        moved = [];
        return taken;
    }

    /// <summary>The deployments to be judged anew, since this was last called.</summary>
    public IReadOnlyCollection<DeploymentKey> TakeChanged()
    {
        var taken = changed;
        changed = [];
        return taken;
    }

    private static DeploymentKey KeyOf(ManifestEntry entry) => new(entry.Namespace, entry.Name);

    private void Take(DeviceId device, DeploymentKey key)
    {
        if (!deployments.TryGetValue(key, out var removal) || !removal.Waiting.Remove(device, out var waiting))
        {
            return;
        }

        changed.Add(key);
        removal.IsHeld &= removal.Waiting.Count > 0;
        if (devices[device].Remove(key) && devices[device].Count == 0)
        {
            devices.Remove(device);
        }

        Unname(waiting.Entry.Address);
    }

    private void Name(Digest address) => named[address] = named.GetValueOrDefault(address) + 1;

    private void Unname(Digest address)
    {
        if (--named[address] == 0)
        {
            named.Remove(address);
        }
    }
}

/// <summary>When the removal of a deployment from devices is held.</summary>
public sealed record RemovalOptions
{
    /// <summary>From so many devices it is never held.</summary>
    public int Count { get; init; } = 10;

    /// <summary>Nor from a smaller part of those that were matched.</summary>
    public double Fraction { get; init; } = 0.2;

    /// <summary>For so long what was removed counts with what is to be removed: many small steps are a large one.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(10);
}
