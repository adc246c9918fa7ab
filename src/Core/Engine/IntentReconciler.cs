using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;

namespace Harmony.Fleet.Core.Engine;

/// <summary>
/// Absence is not intent. A deployment that stands on devices and that the store does not hold was either deleted, and then the store knows of
/// its removal, or lost: the store's file was removed, or an older copy of it put back. What was lost stays on the devices until somebody decides.
/// </summary>
internal sealed class IntentReconciler(FleetState state)
{
    private const int MaxSaying = 1000;
    private const int MaxUids = 64;

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

    /// <summary>Whether one is known to have been removed by intent.</summary>
    public bool IsRemoved(DeploymentKey key, string uid) => state.Removed.Contains(key, uid, state.Now);

    /// <summary>Whether a uid is that of a deployment with another name: then it is no word of one that was lost.</summary>
    public bool IsOfAnother(DeploymentKey key, string uid) => (state.Owners.TryGetValue(uid, out var owner) ? owner : state.Standing.OwnerOf(uid)) is { } known && known != key;

    /// <summary>Whether the store has to say whether one was removed, where that is not known: it has none of the name, or another one.</summary>
    public bool IsToBeAsked(DeploymentKey key, string uid) => state.Deployments.TryGetValue(key, out var entry) ? entry.Resource.Metadata.Uid != uid : !state.Unreadable.Contains(key);

    /// <summary>Whether the store has not said yet whether one was removed.</summary>
    public bool IsOpen(DeploymentKey key, string uid) => state.Suspects.TryGetValue(key, out var suspects) && suspects.TryGetValue(uid, out var isAnswered) && !isAnswered;

    /// <summary>One stands on a device: the store is asked whether it was removed.</summary>
    /// <param name="key">Which.</param>
    /// <param name="uid">By which uid.</param>
    /// <param name="isClaim">Whether the device alone says so. However many uids devices invent for a name, the store is asked for so many.</param>
    public void Ask(DeploymentKey key, string uid, bool isClaim)
    {
        if (!state.Suspects.TryGetValue(key, out var suspects))
        {
            state.Suspects[key] = suspects = new(StringComparer.Ordinal);
        }

        if (!(isClaim && suspects.Count >= MaxUids) && suspects.TryAdd(uid, false))
        {
            state.IntentChecks.Add(key);
        }
    }

    /// <summary>What nothing names any more was not lost: the device that said so says something else, or is deleted.</summary>
    public void Release(IReadOnlyCollection<(DeploymentKey Key, string Uid)> dropped)
    {
        foreach (var (key, uid) in dropped)
        {
            if (state.Suspects.TryGetValue(key, out var suspects) && !state.Standing.IsNamed(key, uid))
            {
                Let(key, suspects, uid);
            }
        }
    }

    /// <summary>Something else is known of a deployment: what need not be asked any more is not.</summary>
    public void Review(DeploymentKey key)
    {
        if (state.Deployments.TryGetValue(key, out var entry) && entry is { IsCarriedOut: true, IsMissing: false, IsDeleting: false })
        {
            state.Lost = state.Lost.Remove(key);
        }

        if (!state.Suspects.TryGetValue(key, out var suspects))
        {
            return;
        }

        foreach (var uid in suspects.Keys.Where(uid => !state.Standing.IsNamed(key, uid) || !IsToBeAsked(key, uid) || IsRemoved(key, uid)).ToArray())
        {
            Let(key, suspects, uid);
        }
    }

    /// <summary>What is to be asked about one; null for nothing.</summary>
    public FleetEffect? Check(DeploymentKey key)
    {
        state.Deployments.TryGetValue(key, out var entry);
        var isThere = entry is { IsCarriedOut: true, IsMissing: false, IsDeleting: false }; // What is not known to be removed is held then, and not lost.
        var suspects = state.Suspects.GetValueOrDefault(key)?.Where(one => !isThere || !one.Value).Select(one => one.Key) ?? [];
        ImmutableArray<string> uids = [.. suspects.Concat(entry is { IsMissing: true, Resource.Metadata.Uid: { } uid } ? [uid] : []).Distinct().Order(StringComparer.Ordinal)];
        return uids.IsEmpty ? null : new FleetEffect.FindRemoved(key, uids);
    }

    /// <summary>What the store knows of it.</summary>
    /// <returns>Whether it need not be asked again; whether anything is known that was not before; and whether the Deployment, which a list did not have, was removed by intent.</returns>
    public (bool IsDone, bool IsNews, bool IsRemoved) Finish(FleetEffect.FindRemoved asked, EffectResult result)
    {
        if (result is not EffectResult.RemovedFound found)
        {
            return (false, false, false);
        }

        var (key, isNews) = (asked.Key, false);
        var suspects = state.Suspects.GetValueOrDefault(key);
        foreach (var uid in asked.Uids)
        {
            if (found.Uids.Contains(uid, StringComparer.Ordinal))
            {
                state.Removed.Add(key, uid, state.Now);
                suspects?.Remove(uid);
                isNews = true;
            }
            else if (suspects?.TryGetValue(uid, out var isAnswered) == true && !isAnswered)
            {
                suspects[uid] = isNews = true;
            }
        }

        if (suspects is { Count: 0 })
        {
            state.Suspects.Remove(key);
        }

        // It may have come, or been listed again, while the store was asked.
        var missing = state.Deployments.TryGetValue(key, out var entry) && entry.IsMissing ? entry.Resource.Metadata.Uid : null;
        var isRemoved = missing is not null && found.Uids.Contains(missing, StringComparer.Ordinal);
        if (entry is null or { IsMissing: true } or { IsCarriedOut: false } or { IsDeleting: true })
        {
            Lose(key, [.. asked.Uids.Except(found.Uids, StringComparer.Ordinal).Where(uid => uid == missing || suspects?.ContainsKey(uid) == true)]);
        }

        return (true, isNews, isRemoved);
    }

    private void Let(DeploymentKey key, Dictionary<string, bool> suspects, string uid)
    {
        suspects.Remove(uid);
        if (suspects.Count == 0)
        {
            state.Suspects.Remove(key);
            state.Lost = state.Lost.Remove(key);
        }

        if (suspects.Count == MaxUids - 1)
        {
            foreach (var device in state.Standing.ClaimantsOf(key))
            {
                state.Standing.Move(device); // There is a place for what another one says.
            }
        }

        state.IntentChecks.Add(key); // Who is told of it, and whether it is a claim, is another matter now.
    }

    // Asked again from time to time: somebody may have decided meanwhile, by this operator or by one before it.
    private void Lose(DeploymentKey key, ImmutableArray<string> uids)
    {
        if (uids.IsEmpty)
        {
            state.Lost = state.Lost.Remove(key);
            return;
        }

        var (known, devices) = (state.Lost.GetValueOrDefault(key), uids.Sum(uid => state.Standing.CountOf(key, uid)));
        ImmutableArray<DeviceId> saidBy = [.. state.Standing.ClaimantsOf(key).Where(device => uids.Contains(state.Standing.ClaimOf(device, key)!.Uid)).Order().Take(MaxSaying)];
        if (known is null && (devices > 0 || saidBy.IsEmpty)) // What devices alone say is told of these, not as often as they like.
        {
            state.Tell(new FleetNotice.IntentLost(key, devices));
        }

        var isClaim = devices == 0 && saidBy.Length == 1;
        if (known is null || known.IsClaim != isClaim || !known.Uids.SequenceEqual(uids, StringComparer.Ordinal) || !known.SaidBy.SequenceEqual(saidBy))
        {
            state.Lost = state.Lost.SetItem(key, new LostDeployment(uids, known?.Since ?? state.Now, saidBy, isClaim));
        }

        // However many are lost, the store has other things to do.
        state.IntentChecks.AddAt(key, state.Now + state.Options.IntentInterval + (state.Lost.Count * state.Options.IntentSpacing));
    }
}
