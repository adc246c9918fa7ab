using System.Collections.Immutable;
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
    private static readonly Comparer<DeviceId> ByName = Comparer<DeviceId>.Create((one, other) =>
        NaturalOrder.Names.Compare(one.Value, other.Value) is not 0 and var order ? order : string.CompareOrdinal(one.Value, other.Value));
    private readonly Dictionary<DeploymentKey, PendingRemoval> deployments = [];

    // What was removed from a device by a manifest that is not known to be stored.
    private readonly Dictionary<DeviceId, HashSet<DeploymentKey>> unconfirmed = [];
    private readonly HashSet<DeploymentKey> ended = [];
    private HashSet<DeviceId> moved = [];
    private HashSet<DeploymentKey> changed = [];

    /// <summary>A device is matched no more.</summary>
    /// <param name="device">Which.</param>
    /// <param name="key">By what.</param>
    /// <param name="isLost">Whether nobody changed anything: what matched it may have been lost. That is held from one device on, and holds up no other.</param>
    public void Add(DeviceId device, DeploymentKey key, bool isLost = false)
    {
        if (!deployments.TryGetValue(key, out var removal))
        {
            deployments[key] = removal = new PendingRemoval();
        }

        var isNew = !removal.Waiting.TryGetValue(device, out var wasLost);
        if (isNew)
        {
            removal.Undo(device);
        }

        if (isNew || wasLost != isLost)
        {
            removal.Wait(device, isLost);
            changed.Add(key);
        }
    }

    /// <summary>Whether a device waits for the removal of a deployment, held or not.</summary>
    public bool IsWaiting(DeviceId device, DeploymentKey key) => deployments.TryGetValue(key, out var removal) && removal.Waiting.ContainsKey(device);

    /// <summary>Whether the removal of a deployment from a device is held.</summary>
    public bool IsHeld(DeviceId device, DeploymentKey key) => deployments.TryGetValue(key, out var removal) && removal.Holds(device);

    /// <summary>A device is matched again, or never had it.</summary>
    public void Drop(DeviceId device, DeploymentKey key)
    {
        if (deployments.TryGetValue(key, out var removal) && removal.Take(device))
        {
            changed.Add(key);
        }
    }

    /// <summary>What is written for a device, or is stored already, names it no more: it is removed, whatever is held later. What was given out is not given back.</summary>
    public void Remove(DeviceId device, DeploymentKey key, DateTimeOffset now)
    {
        if (IsWaiting(device, key))
        {
            Drop(device, key);
            deployments[key].Remember(device, now);
            (unconfirmed.TryGetValue(device, out var keys) ? keys : unconfirmed[device] = []).Add(key);
        }
    }

    /// <summary>A deployment is gone, or is deleted by intent: nothing of it is held.</summary>
    public void Forget(DeploymentKey key)
    {
        if (deployments.Remove(key, out var removal))
        {
            changed.Add(key);
            moved.UnionWith(removal.Waiting.Keys);
        }

        ended.Remove(key);
    }

    /// <summary>A device is gone: nobody waits for its manifest to be stored.</summary>
    public void Forget(DeviceId device) => Confirm(device);

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
        var isWide = waits > 0 && (removal.IsWide || facts.WasHeld || isMany);
        var held = isWide ? waits : removal.LostCount;
        var isApproved = facts.Approved.Hold == removal.Hold && removal.Hold > 0 && held + removal.DoneSinceApproval <= facts.Approved.Most;
        (removal.IsHeld, removal.IsWide) = (held > 0 && !isApproved, isWide && !isApproved);
        if (removal.IsHeld && !was)
        {
            removal.BeginHold(facts.Generation, facts.Approved.Hold, isTheSame: facts is { WasHeld: true, IsSameGeneration: true });
        }

        if (was && !removal.IsHeld)
        {
            moved.UnionWith(removal.Waiting.Keys);
        }

        if (removal.IsOver)
        {
            removal.End();
            ended.Add(key);
        }

        (removal.Told, removal.DoneTold) = (removal.HeldCount, removal.Recent?.Count ?? 0);
        if (waits == 0 && removal.DoneCount == 0)
        {
            deployments.Remove(key);
        }

        return was != removal.IsHeld || before != (removal.Hold, removal.Told, removal.DoneTold);
    }

    /// <summary>What was approved of one was carried out by an operator before, as far as anybody knows: its approval approves nothing else.</summary>
    public void End(DeploymentKey key)
    {
        if (!deployments.TryGetValue(key, out var removal) || removal.Waiting.Count == 0)
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

    /// <summary>From how many devices its removal is held.</summary>
    public int CountOf(DeploymentKey key) => deployments.TryGetValue(key, out var removal) ? removal.HeldCount : 0;

    /// <summary>The first devices from which its removal is held, by name as people count them.</summary>
    /// <param name="key">Which.</param>
    /// <param name="most">How many at the most: of thousands that are held a few are told each time.</param>
    public ImmutableArray<DeviceId> HeldOn(DeploymentKey key, int most = int.MaxValue)
    {
        if (!deployments.TryGetValue(key, out var removal) || !removal.IsHeld)
        {
            return [];
        }

        var first = new SortedSet<DeviceId>(ByName);
        foreach (var device in removal.Waiting.Keys.Where(removal.Holds))
        {
            if (first.Count < most || ByName.Compare(device, first.Max) < 0)
            {
                first.Add(device);
            }

            if (first.Count > most)
            {
                first.Remove(first.Max);
            }
        }

        return [.. first];
    }

    /// <summary>The number of the present hold, or of that which was approved and is being carried out; 0 where it is over, and null where nothing is known of any.</summary>
    public long? HoldOf(DeploymentKey key) =>
        deployments.TryGetValue(key, out var removal) && removal.Hold > 0 ? removal.Hold : ended.Contains(key) ? 0 : null;

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
