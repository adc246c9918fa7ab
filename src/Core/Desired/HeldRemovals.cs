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
    }

    /// <summary>Judges a deployment anew.</summary>
    /// <param name="key">Which.</param>
    /// <param name="matched">How many devices it matches.</param>
    /// <param name="approved">What somebody approved.</param>
    /// <param name="lastHold">The number of the last hold that an earlier run of the operator told; 0 for none.</param>
    /// <param name="wasHeld">Whether it was held when an earlier run of the operator last looked.</param>
    /// <param name="now">The time.</param>
    /// <returns>Whether what is held of it changed.</returns>
    public bool Judge(DeploymentKey key, int matched, ApprovedRemoval approved, long lastHold, bool wasHeld, DateTimeOffset now)
    {
        if (!deployments.TryGetValue(key, out var removal))
        {
            return false;
        }

        var (was, before) = (removal.IsHeld, (removal.Told, removal.DoneTold));
        removal.Forget(now - options.Window);
        removal.GoOnFrom(lastHold);
        if (was || wasHeld)
        {
            removal.ForgetApproved(); // While it is held nothing goes by an approval.
        }

        var (waits, all) = (removal.Waiting.Count, removal.Waiting.Count + removal.DoneCount);
        var isMany = all > options.Count && all > options.Fraction * (matched + all);
        var isWide = waits > 0 && (removal.IsWide || wasHeld || isMany);
        var held = isWide ? waits : removal.LostCount;
        var isApproved = approved.Hold == removal.Hold && removal.Hold > 0 && held + removal.DoneSinceApproval <= approved.Most;
        (removal.IsHeld, removal.IsWide) = (held > 0 && !isApproved, isWide && !isApproved);
        if (removal.IsHeld && !was)
        {
            removal.BeginHold(approved.Hold, isTheSame: wasHeld);
        }

        (removal.Told, removal.DoneTold) = (removal.HeldCount, removal.DoneCount);
        if (was && !removal.IsHeld)
        {
            moved.UnionWith(removal.Waiting.Keys);
        }

        if (waits == 0 && removal.DoneCount == 0)
        {
            deployments.Remove(key);
        }

        return was != removal.IsHeld || before != (removal.Told, removal.DoneTold);
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

    /// <summary>The number of the present hold; 0 where it is not held.</summary>
    public long HoldOf(DeploymentKey key) => deployments.TryGetValue(key, out var removal) && removal.IsHeld ? removal.Hold : 0;

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
