using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Aggregation;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using Harmony.Fleet.Core.Resources;
using Harmony.Fleet.Core.Selectors;
using Harmony.Fleet.Core.Trust;
using Harmony.Fleet.Core.Validation;

namespace Harmony.Fleet.Core.Engine;

/// <summary>The Deployments: what of them is carried out, their finalizers, and their status.</summary>
internal sealed class DeploymentReconciler(FleetState state, ScoreReconciler scores, IntentReconciler intent, RemovalReconciler removals, StandingReconciler standing)
{
    private const int MaxErrorsTold = 5;

    /// <summary>All Deployments, as they are.</summary>
    public void List(FleetEvent.DeploymentsListed all)
    {
        // Only the informer tells of new ones, and it lists after what it watched: what is missing was removed. Unless it was lost, which the store is asked.
        var (present, kept) = (KeysOf(all.Present), KeysOf(all.Unreadable));
        foreach (var gone in state.Deployments.Keys.Concat(state.Unreadable).Where(key => !present.Contains(key) && !kept.Contains(key)).ToArray())
        {
            if (state.Deployments.TryGetValue(gone, out var entry) && !(entry.IsDeleting && entry.HasLeft))
            {
                entry.IsMissing = true;
                state.IntentChecks.Add(gone);
            }
            else if (state.Standing.DevicesOf(gone).Length == 0 || !state.Unreadable.Remove(gone))
            {
                Forget(gone);
            }
            else
            {
                Review(gone); // It was removed, or lost, which the store is asked by the uids that manifests name.
            }
        }

        state.Unreadable.IntersectWith(kept);
        state.Unreadable.UnionWith(kept.Where(key => !state.Deployments.ContainsKey(key)));
        foreach (var key in state.Unreadable)
        {
            Review(key);
        }

        state.AreDeploymentsListed = true;
    }

    /// <summary>A Deployment is there, or changed.</summary>
    public void See(Deployment resource)
    {
        if (!TryKey(resource, out var key))
        {
            state.Tell(new FleetNotice.UnusableName(ResourceTypes.Deployments.Kind, $"{resource.Metadata.Namespace}/{resource.Metadata.Name}"));
            return;
        }

        var isNew = !state.Deployments.TryGetValue(key, out var entry);
        state.Lost = isNew || entry!.IsMissing ? state.Lost.Remove(key) : state.Lost;
        var isUnfinished = entry is { IsUnfinished: true };
        // One that a list did not have, and was written since, was put back: it has its uid, and begins with generation 1.
        var isBack = entry is { IsMissing: true } && Told.IsLater(entry.Resource.Metadata, resource.Metadata);
        if (!isNew && !isUnfinished && !isBack && Told.IsOldNews(entry!.Resource.Metadata, resource.Metadata))
        {
            entry.IsMissing = false;
            return;
        }

        var before = entry?.Resource.Metadata;
        entry ??= state.Deployments[key] = new DeploymentEntry(resource);
        (entry.Resource, entry.IsBack, entry.IsMissing, entry.IsUnfinished) = (resource, entry.IsMissing, false, true);
        intent.Know(key, resource.Metadata.Uid, before?.Uid);
        state.Unreadable.Remove(key);
        state.Finalizers.Add(key);
        state.Statuses.Add(key);
        if (isNew)
        {
            state.Removals.Remember(key, resource.Status?.RecentRemovals, state.Now);
            _ = entry.WasHeld && state.HeldBefore.Add(key);
        }

        removals.Judge(key); // Its removal may have been approved.
        var isHeld = before is not null && !before.Finalizers.Contains(ApiGroup.ManifestFinalizer, StringComparer.Ordinal) && entry.HasFinalizer;
        if (isNew || isUnfinished || isHeld || isBack || before!.Generation != resource.Metadata.Generation || before.Uid != resource.Metadata.Uid)
        {
            CarryOut(key, entry);
            Review(key);
        }

        entry.IsUnfinished = false;
    }

    /// <summary>Seeing one went well, or not.</summary>
    public void Mark(Deployment? resource, string? thrown)
    {
        if (!TryKey(resource?.Metadata.Namespace, resource?.Metadata.Name, out var key))
        {
            return;
        }

        state.Mark(key, ReconcileFault.See, thrown);
        if (thrown is not null && state.Deployments.TryGetValue(key, out var entry) && entry is { IsDeleting: false, IsCarriedOut: false })
        {
            Withdraw(key, entry); // An operator before may have carried it out: what devices run of it must not go for a fault of this one.
        }
    }

    /// <summary>A Deployment is gone.</summary>
    public void Gone(Deployment resource)
    {
        if (TryKey(resource, out var key))
        {
            if (resource.Metadata.Uid is { } uid)
            {
                state.Removed.Add(key, uid, state.Now);
            }

            if (state.Deployments.TryGetValue(key, out var entry) && entry.Resource.Metadata.Uid != resource.Metadata.Uid)
            {
                entry.IsMissing = true; // Another one of the name is gone: of the one that is known the store is asked.
                state.IntentChecks.Add(key);
                Review(key);
                return;
            }

            Forget(key);
        }
    }

    /// <summary>What a list did not have was removed by intent.</summary>
    public void Removed(DeploymentKey key)
    {
        if (state.Deployments.TryGetValue(key, out var entry) && entry.IsMissing)
        {
            Forget(key);
        }
    }

    /// <summary>A version of one may be given to no device any more.</summary>
    public void Release(DeploymentKey key)
    {
        if (state.Deployments.TryGetValue(key, out var entry))
        {
            foreach (var address in entry.Older.Where(address => !state.Model.Names(key, address)).ToArray())
            {
                scores.Drop(address);
                entry.Older = entry.Older.Remove(address);
            }
        }
    }

    /// <summary>What is to be done about the finalizers of one; null for nothing.</summary>
    public FleetEffect? Finalize(DeploymentKey key) =>
        state.Deployments.TryGetValue(key, out var entry) && entry.Finalized() is { } wanted ? new FleetEffect.PatchFinalizers(key, wanted) : null;

    /// <summary>What is to be done about the status of one; null for nothing.</summary>
    public FleetEffect? WriteStatus(DeploymentKey key)
    {
        // Nothing is counted of one that is not carried out yet: its finalizer stands first.
        if (!state.Deployments.TryGetValue(key, out var entry) || entry is { IsDeleting: false, Errors.IsEmpty: true, IsCarriedOut: false, Fault: null })
        {
            return null;
        }

        if (!state.HasKnownAll && entry is { IsDeleting: false, Errors.IsEmpty: true, Fault: null })
        {
            return null; // It is looked at again when all is known.
        }

        if (state.Model.IsSpreading(key))
        {
            return null; // And when all its devices were told of: counts of the version before would pass for those of this one.
        }

        var (resource, isPart) = (entry.Resource, !state.HasKnownAll && !entry.IsDeleting); // What was counted before stands until all is known.
        entry.IsHeldSinceBefore &= isPart || !entry.IsCarriedOut;
        var aggregate = isPart && resource.Status is { } told ? told.Aggregate : state.Model.AggregateOf(key);
        var status = DeploymentStatusBuilder.Build(
            resource.Status, resource.Metadata.Generation, aggregate, entry.Errors, state.Now, entry.Fault?.ToCondition(), removals.HeldOf(key), state.Removals.HoldOf(key), state.Removals.RecentOf(key), entry.Awaits);
        return status == resource.Status ? null : new FleetEffect.PatchDeploymentStatus(key, resource with { Status = status });
    }

    /// <summary>All is known that is counted.</summary>
    public void CountAll()
    {
        foreach (var (key, entry) in state.Deployments)
        {
            removals.EndApproved(key, entry);
            state.Statuses.Add(key);
        }
    }

    /// <summary>What became of a write to one.</summary>
    /// <returns>Whether it need not be tried again.</returns>
    public bool Finish(DeploymentKey key, EffectResult result)
    {
        switch (result)
        {
            case EffectResult.DeploymentStored { Resource: var resource }:
                // A newer version than what was seen so far: the next write builds upon it. One that is gone with its last finalizer is told by the watch, and that one is there which a list did not have.
                if (resource.Metadata is not { DeletionTimestamp: not null, Finalizers.IsEmpty: true }
                    && state.Deployments.TryGetValue(key, out var entry) && !entry.IsMissing && entry.Resource.Metadata.Uid == resource.Metadata.Uid)
                {
                    See(resource);
                }

                return true;
            case EffectResult.Refused refused:
                state.Tell(new FleetNotice.WriteRefused($"{ResourceTypes.Deployments.Kind} {key}", refused.Reason));
                return true;
            default:
                return result is EffectResult.Done;
        }
    }

    private void CarryOut(DeploymentKey key, DeploymentEntry entry)
    {
        var resource = entry.Resource;
        entry.Errors = DeploymentValidator.Validate(resource);
        if (entry.IsDeleting)
        {
            state.Tell(new FleetNotice.DeploymentDeleting(key));
            Stop(key, entry);
            state.Leaving.Add(key);
        }
        else if (entry.Errors.IsEmpty)
        {
            // No manifest names one that could be removed from the store without this engine's leave: what manifests name and the store does not hold was lost.
            if (entry.HasFinalizer || entry.IsCarriedOut)
            {
                state.Tell(new FleetNotice.DeploymentAcquired(key, resource));
                Start(key, entry);
            }
        }
        else
        {
            state.Tell(new FleetNotice.DeploymentInvalid(key, resource.Metadata.Generation, string.Join("; ", entry.Errors.Take(MaxErrorsTold))));
            if (entry.Uid != resource.Metadata.Uid)
            {
                TakeOver(key, entry);
            }
        }
    }

    // Invalid, and what it was before is not known here. Where an earlier run of the operator took it on, its rules may have been looser: what
    // devices run for it must not go for that. They refuse what they cannot use, say so, and leave what stands. What cannot even be offered
    // to them stays in the manifests that name it.
    private void TakeOver(DeploymentKey key, DeploymentEntry entry)
    {
        if (entry.HasFinalizer && IsUsable(entry.Resource.Spec) && !state.Suspects.ContainsKey(key))
        {
            Start(key, entry);
        }
        else
        {
            Withdraw(key, entry);
        }
    }

    // It is carried out no more, and not taken over as long as it is of no use: what stands of it stays.
    private void Withdraw(DeploymentKey key, DeploymentEntry entry)
    {
        state.Model.Withdraw(key);
        DropScore(entry);
        entry.Uid = entry.Resource.Metadata.Uid ?? string.Empty;
        Review(key);
    }

    private static bool IsUsable(DeploymentSpec spec) =>
        spec.Score.PodmanV0 is not null
        && Selector.TryCompile(spec.TargetSelector) is SelectorOutcome.Compiled
        && CanonicalScore.ToBytes(spec.Score).Length <= WireLimits.MaxScoreBytes;

    private void Start(DeploymentKey key, DeploymentEntry entry)
    {
        var (metadata, spec) = (entry.Resource.Metadata, entry.Resource.Spec);
        var score = ScoreSealer.Seal(state.Master, CanonicalScore.ToBytes(spec.Score));
        var selector = ((SelectorOutcome.Compiled)Selector.TryCompile(spec.TargetSelector)).Selector;
        var wasCarriedOut = entry.IsCarriedOut;
        HoldScore(entry, score);
        (entry.Address, entry.Uid, entry.HasLeft, entry.LeavesAfter) = (score.Address, metadata.Uid ?? string.Empty, false, null);
        state.Model.Upsert(new DeploymentIntent(key, metadata.CreationTimestamp ?? default, selector, new()
        {
            Namespace = key.Namespace,
            Name = key.Name,
            Uid = entry.Uid,
            ScoreDigest = score.ScoreDigest,
            Address = score.Address,
            Key = score.Key,
        }), isWhole: !state.HasKnownAll);
        Release(key);
        if (!wasCarriedOut && state.Suspects.ContainsKey(key))
        {
            state.Standing.Lose(key); // The store had lost it, and may have lost the labels of devices as well.
        }
    }

    private void Stop(DeploymentKey key, DeploymentEntry entry)
    {
        state.Model.Remove(key, isWhole: false);
        state.Removals.Forget(key);
        DropScore(entry);
    }

    private void Forget(DeploymentKey key)
    {
        state.HeldBefore.Remove(key);
        if (state.Deployments.Remove(key, out var entry))
        {
            state.Tell(new FleetNotice.DeploymentGone(key));
            intent.Know(key, uid: null, before: entry.Resource.Metadata.Uid);
            Stop(key, entry);
        }
        else if (state.Unreadable.Remove(key))
        {
            state.Tell(new FleetNotice.DeploymentGone(key));
        }

        state.Lost = state.Lost.Remove(key);
        Review(key);
    }

    // What stands of it on devices is another matter now, and so is what the store is asked.
    private void Review(DeploymentKey key)
    {
        standing.Review(key);
        if (state.Suspects.ContainsKey(key))
        {
            state.IntentChecks.Add(key);
        }
    }

    // That of the version before is kept until no device is given it.
    private void HoldScore(DeploymentEntry entry, SealedScore score)
    {
        if (entry.Address == score.Address)
        {
            return;
        }

        scores.Hold(score);
        entry.Older = entry.Address is { } before ? entry.Older.Add(before) : entry.Older;
        if (entry.Older.Contains(score.Address))
        {
            scores.Drop(score.Address);
            entry.Older = entry.Older.Remove(score.Address);
        }
    }

    private void DropScore(DeploymentEntry entry)
    {
        if (entry.Address is { } address)
        {
            Array.ForEach([address, .. entry.Older], scores.Drop);
            (entry.Address, entry.Older) = (null, []);
        }
    }

    private static HashSet<DeploymentKey> KeysOf(IEnumerable<(string? Namespace, string Name)> names) =>
        [.. names.Select(one => TryKey(one.Namespace, one.Name, out var key) ? key : (DeploymentKey?)null).OfType<DeploymentKey>()];

    private static bool TryKey(Deployment resource, out DeploymentKey key) => TryKey(resource.Metadata.Namespace, resource.Metadata.Name, out key);

    private static bool TryKey(string? inNamespace, string? named, out DeploymentKey key)
    {
        var isKey = NamespaceName.TryParse(inNamespace, out var space) & DeploymentName.TryParse(named, out var name);
        key = isKey ? new DeploymentKey(space, name) : default;
        return isKey;
    }
}
