using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Aggregation;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;

namespace Harmony.Fleet.Core.Engine;

/// <summary>
/// Absence is not intent. A deployment that an authentic manifest names and the store does not hold was either deleted, and then the store knows of
/// its removal, or lost: the store's file was removed, or an older copy of it put back. What was lost stays on the devices until somebody decides.
/// </summary>
internal sealed class IntentReconciler(FleetState state)
{
    private const int MaxSaying = 1000;
    private const int MaxUids = 64;
    private static readonly ImmutableDictionary<DeploymentKey, string> Nothing = ImmutableDictionary<DeploymentKey, string>.Empty;

    /// <summary>An authentic stored manifest was seen. What it names and nobody knows is frozen first, and asked about then. What is known to have been removed is not kept.</summary>
    public void See(DeviceId device, ImmutableArray<ManifestEntry> entries)
    {
        foreach (var entry in entries)
        {
            var key = new DeploymentKey(entry.Namespace, entry.Name);
            if (!IsCarriedOut(key, entry.Uid) && !state.Unreadable.Contains(key) && !IsRemoved(key, entry.Uid))
            {
                Suspect(key, entry.Uid);
            }
        }

        state.Frozen.See(device, state.Suspects.Count == 0 ? entries : [.. entries.Where(entry => !IsDropped(entry))]);
    }

    /// <summary>The store has a deployment with this uid: no device's word makes it another's.</summary>
    /// <param name="key">Which.</param>
    /// <param name="uid">Its uid; null where it has none, or is not there any more.</param>
    /// <param name="before">The one that it had before; null for none.</param>
    public void Know(DeploymentKey key, string? uid, string? before)
    {
        if (before is not null && state.Owners.TryGetValue(before, out var owner) && owner == key)
        {
            state.Owners.Remove(before);
        }

        if (uid is not null)
        {
            state.Owners[uid] = key;
        }
    }

    /// <summary>One that could not be read is on a list no more: it was removed, or lost, which the store is asked by the uids that manifests name.</summary>
    /// <returns>Whether any manifest names it.</returns>
    public bool Doubt(DeploymentKey key)
    {
        var uids = state.Frozen.UidsOf(key);
        foreach (var uid in uids)
        {
            Suspect(key, uid);
        }

        return uids.Count > 0;
    }

    /// <summary>
    /// A device holds a manifest that nobody here knows, for example because the bus and the store, or the memory of it, were lost together. What it says
    /// to run of it, and is neither there nor known to have been removed, or cannot be judged, would be taken from it by any other manifest.
    /// </summary>
    /// <param name="device">Which.</param>
    /// <param name="said">What it says of deployments that it is not to have; nothing where its manifest is known.</param>
    /// <returns>The deployments for which its manifest has to wait.</returns>
    public ImmutableHashSet<DeploymentKey> Hear(DeviceId device, IReadOnlyCollection<ReportedDeployment> said)
    {
        var open = said.Count == 0 ? Nothing : said.Where(one => IsUnjudged(device, one)).DistinctBy(one => one.Key).ToImmutableDictionary(one => one.Key, one => one.Identity.Uid);
        state.Frozen.Claim(device, open);
        Release(state.Frozen.TakeDropped());
        return [.. open.Keys];
    }

    /// <summary>What nothing names any more was not lost: the device that said so says something else, or is deleted.</summary>
    public void Release(IReadOnlyCollection<(DeploymentKey Key, string Uid)> dropped)
    {
        foreach (var (key, uid) in dropped)
        {
            if (!state.Suspects.TryGetValue(key, out var suspect))
            {
                continue;
            }

            if (state.Frozen.DevicesOf(key).Count == 0 && state.Frozen.ClaimantsOf(key).Count == 0)
            {
                Clear(key);
                state.Frozen.Thaw(key);
            }
            else if (!state.Frozen.IsNamed(key, uid) && suspect.Remove(uid))
            {
                state.IntentChecks.Add(key); // Who is told of it, and whether it is a claim, is another matter now.
            }
        }
    }

    /// <summary>
    /// Whether a device's manifest names one of which the store has not said yet whether it was removed. None is written before: one that was
    /// removed would come back to devices that know better than the bucket.
    /// </summary>
    public bool IsOpen(DeviceId device) => state.Suspects.Count > 0 && state.Frozen.DeploymentsOf(device).Any(key => state.Suspects.ContainsKey(key) && !state.Lost.ContainsKey(key));

    /// <summary>A deployment is there: whatever manifests say of it, its resource says more.</summary>
    public void Clear(DeploymentKey key)
    {
        state.Suspects.Remove(key);
        state.Lost = state.Lost.Remove(key);
    }

    /// <summary>A deployment was removed by intent.</summary>
    public void Remove(DeploymentKey key, string? uid)
    {
        if (uid is not null)
        {
            state.Removed.Add(key, uid, state.Now);
        }

        state.Lost = state.Lost.Remove(key);
        if (state.Suspects.Remove(key))
        {
            state.Frozen.Thaw(key);
        }
    }

    /// <summary>What is to be asked about one; null for nothing.</summary>
    public FleetEffect? Check(DeploymentKey key)
    {
        ImmutableArray<string> uids = state.Doubts.TryGetValue(key, out var doubts) ? [.. doubts.Order(StringComparer.Ordinal)]
            : state.Suspects.TryGetValue(key, out var suspect) ? [.. suspect.Order(StringComparer.Ordinal)]
            : state.Deployments.TryGetValue(key, out var entry) && entry is { IsMissing: true, Resource.Metadata.Uid: { } uid } ? [uid]
            : [];
        return uids.IsEmpty ? null : new FleetEffect.FindRemoved(key, uids);
    }

    /// <summary>What the store knows of it.</summary>
    /// <returns>Whether it need not be asked again; and whether it was removed by intent.</returns>
    public (bool IsDone, bool IsRemoved) Finish(FleetEffect.FindRemoved asked, EffectResult result)
    {
        if (result is not EffectResult.RemovedFound found)
        {
            return (false, false);
        }

        var isSuspect = state.Suspects.TryGetValue(asked.Key, out var suspect);
        ImmutableArray<string> removed = [.. asked.Uids.Intersect(found.Uids, StringComparer.Ordinal)];
        foreach (var uid in removed)
        {
            state.Removed.Add(asked.Key, uid, state.Now);
        }

        if (state.Doubts.TryGetValue(asked.Key, out var doubts) && doubts.Overlaps(asked.Uids))
        {
            return (FinishDoubts(asked, removed, doubts), false);
        }

        suspect?.ExceptWith(removed);
        if (removed.Length > 0 && IsDecided(asked, removed, suspect))
        {
            Remove(asked.Key, uid: null);
            return (true, true);
        }

        if (isSuspect && removed.Length > 0)
        {
            state.Frozen.Thaw(asked.Key, removed); // Another one of the name was lost, and stays.
        }

        if (removed.Length == asked.Uids.Length)
        {
            return (true, false); // Manifests name another one meanwhile, which is asked about next.
        }

        // It may have come, or been listed again, while the store was asked.
        var isMissing = isSuspect || (state.Deployments.TryGetValue(asked.Key, out var entry) && entry.IsMissing);
        if (isMissing)
        {
            Lose(asked.Key, [.. asked.Uids.Except(removed, StringComparer.Ordinal).Where(uid => suspect?.Contains(uid) != false)]);
        }

        return (true, false);
    }

    // What was not removed by intent stays held, until somebody approves that it goes.
    private bool FinishDoubts(FleetEffect.FindRemoved asked, ImmutableArray<string> removed, HashSet<string> doubts)
    {
        doubts.ExceptWith(asked.Uids);
        if (doubts.Count == 0)
        {
            state.Doubts.Remove(asked.Key);
        }

        foreach (var device in state.Removals.WaitingOf(asked.Key))
        {
            state.Manifests.Add(device);
        }

        state.Removals.Forget(asked.Key, removed);
        return Check(asked.Key) is null;
    }

    // One that is there and not carried out yet may be another one: the store was emptied, and somebody applied it again.
    private bool IsCarriedOut(DeploymentKey key, string uid) =>
        state.Deployments.TryGetValue(key, out var entry) && (entry.IsCarriedOut || entry.IsDeleting || entry.Resource.Metadata.Uid == uid);

    // What devices alone say under its name holds up their own manifests, and not what was decided about those of all others.
    private bool IsDecided(FleetEffect.FindRemoved asked, ImmutableArray<string> removed, HashSet<string>? left) =>
        left is null ? removed.Length == asked.Uids.Length
        : left.Count == 0 || (state.Frozen.UidsOf(asked.Key) is { Count: > 0 } named && !named.Overlaps(left));

    private bool IsUnjudged(DeviceId device, ReportedDeployment said)
    {
        if (state.Frozen.UidOf(device, said.Key) == said.Identity.Uid)
        {
            return false; // What its manifest says of it is known, and stays.
        }

        if (state.Deployments.ContainsKey(said.Key) || state.Unreadable.Contains(said.Key))
        {
            return state.Unreadable.Contains(said.Key) || state.Frozen.Has(said.Key, said.Identity.Uid);
        }

        if (IsRemoved(said.Key, said.Identity.Uid) || (OwnerOf(said.Identity.Uid) is { } owner && owner != said.Key))
        {
            return false; // A uid that another deployment has is no word of one that was lost.
        }

        // However many uids devices invent for a name, the store is asked for so many. What more of them say holds their own manifests.
        if (!state.Suspects.TryGetValue(said.Key, out var suspect) || suspect.Count < MaxUids)
        {
            Suspect(said.Key, said.Identity.Uid);
        }

        return true;
    }

    // Another one of its name was lost, and this one removed by intent.
    private bool IsDropped(ManifestEntry entry) =>
        new DeploymentKey(entry.Namespace, entry.Name) is var key && state.Suspects.ContainsKey(key) && IsRemoved(key, entry.Uid);

    private bool IsRemoved(DeploymentKey key, string uid) => state.Removed.Contains(key, uid, state.Now);

    private DeploymentKey? OwnerOf(string uid) => state.Owners.TryGetValue(uid, out var owner) ? owner : state.Frozen.OwnerOf(uid);

    private void Suspect(DeploymentKey key, string uid)
    {
        if (!state.Suspects.TryGetValue(key, out var suspect))
        {
            state.Suspects[key] = suspect = new HashSet<string>(StringComparer.Ordinal);
            state.Frozen.Freeze(key, uid: null);
        }

        if (suspect.Add(uid))
        {
            state.IntentChecks.Add(key);
        }
    }

    // Asked again from time to time: somebody may have decided meanwhile, by this operator or by one before it.
    private void Lose(DeploymentKey key, ImmutableArray<string> uids)
    {
        var (known, devices) = (state.Lost.GetValueOrDefault(key), state.Frozen.DevicesOf(key));
        ImmutableArray<DeviceId> saidBy = [.. state.Frozen.ClaimantsOf(key).Order().Take(MaxSaying)];
        if (known is null && (devices.Count > 0 || saidBy.IsEmpty)) // What devices alone say is told of these, not as often as they like.
        {
            state.Tell(new FleetNotice.IntentLost(key, devices.Count));
            foreach (var device in devices)
            {
                state.Manifests.Add(device);
            }
        }

        var isClaim = devices.Count == 0 && saidBy.Length == 1;
        if (known is null || known.IsClaim != isClaim || !known.Uids.SequenceEqual(uids, StringComparer.Ordinal) || !known.SaidBy.SequenceEqual(saidBy))
        {
            state.Lost = state.Lost.SetItem(key, new LostDeployment(uids, known?.Since ?? state.Now, saidBy, isClaim));
        }

        // However many are lost, the store has other things to do.
        state.IntentChecks.AddAt(key, state.Now + state.Options.IntentInterval + (state.Lost.Count * state.Options.IntentSpacing));
    }
}
