using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Aggregation;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Reconciling;

namespace Harmony.Fleet.Core.Engine;

/// <summary>A change of a selector, or of labels, that takes a deployment from a large part of its devices is held until somebody approves it.</summary>
internal sealed class RemovalReconciler(FleetState state)
{
    private const int MaxDevicesTold = 20;
    private const int MaxApprovalBytes = 64;

    /// <summary>These are matched no more, and others are again.</summary>
    public void Take(FleetChange change)
    {
        if (!state.Removals.IsEmpty)
        {
            change.Manifests.ToList().ForEach(DropWrong);
        }

        foreach (var (device, key, entry) in change.Partings)
        {
            state.Guard($"Device {device}", () =>
            {
                if (!state.Model.IsMatched(device, key) && Stands(device, key))
                {
                    state.Removals.Add(device, key, entry);
                }
            });
        }
    }

    /// <summary>A manifest of before the start says this: what was not written before the operator ended may be to be removed.</summary>
    public void See(DeviceId device, ImmutableArray<ManifestEntry> entries, Generation? generation) => Add(device, entries, generation, isLost: false);

    /// <summary>
    /// A device for which nothing was known to be written has this manifest. Where a Device is deleted its manifest goes first: this one was lost, for example with a
    /// store that was restored from a backup, and an administrator's labels with it. What it matches no more by that is held, however few devices there are.
    /// </summary>
    public void Find(DeviceId device, ImmutableArray<ManifestEntry> entries, Generation? generation) => Add(device, entries, generation, isLost: true);

    /// <summary>
    /// A deployment is carried out of which manifests were kept as they are: what names it, and it does not match, is to be removed as by a change of its selector. Where the
    /// store had lost it, devices' labels may be lost as well: that is held from one device on.
    /// </summary>
    public void Thaw(DeploymentKey key, bool isLost)
    {
        foreach (var device in state.Frozen.DevicesOf(key))
        {
            if (state.Devices.TryGetValue(device, out var entry) && entry.HasLedger)
            {
                Add(device, [state.Frozen.EntryOf(device, key)!], generation: null, isLost);
            }
        }

        state.Frozen.Thaw(key);
    }

    private void Add(DeviceId device, ImmutableArray<ManifestEntry> entries, Generation? generation, bool isLost)
    {
        List<ManifestEntry> older = [];
        foreach (var entry in entries)
        {
            var key = new DeploymentKey(entry.Namespace, entry.Name);
            if (!state.Deployments.TryGetValue(key, out var deployment) || deployment is not { IsCarriedOut: true, IsDeleting: false })
            {
                continue;
            }

            var isMatched = state.Model.IsMatched(device, key);
            if (!isMatched && !state.Removed.Contains(key, entry.Uid, state.Now))
            {
                Add(device, key, entry, generation, isLost, deployment);
            }
            else if (isMatched && deployment.Uid == entry.Uid && deployment.Address != entry.Address)
            {
                older.Add(entry);
            }
        }

        if (generation is { } known && (older.Count > 0 || state.Removals.Of(device).Count > 0))
        {
            state.Removals.Find(device, entries, [.. older], known);
        }
    }

    private void Add(DeviceId device, DeploymentKey key, ManifestEntry entry, Generation? generation, bool isLost, DeploymentEntry deployment)
    {
        // It may have been parted before its manifest was read: then that which was to be given is not what stands. Unless the device says so.
        if (generation is not null && state.Removals.EntryOf(device, key) is { } waiting && !(state.Model.OtherOf(device, key) is { } said && IsSame(said, waiting)))
        {
            state.Removals.Correct(device, key, entry, generation);
        }

        var isAnother = deployment.Uid != entry.Uid;
        state.Removals.Add(device, key, entry, generation, isLost || isAnother);
        if (isAnother)
        {
            Doubt(key, entry.Uid);
        }
    }

    /// <summary>
    /// A device holds a manifest that nobody here knows, for example because the bus was lost, or is an older copy. What it says that it runs was found, as if a manifest had said
    /// so. What it runs in the very version that is wanted can be given to it again; where it runs another one it can be given nothing that names that.
    /// </summary>
    public void Hear(DeviceId device, DeviceEntry entry)
    {
        if (!entry.Ledger.IsStranger)
        {
            return;
        }

        foreach (var said in state.Model.OthersOf(device))
        {
            if (state.Deployments.TryGetValue(said.Key, out var deployment) && deployment is { IsCarriedOut: true, IsDeleting: false }
                && !state.Model.IsMatched(device, said.Key) && EntryOf(said) is var (present, isUnknown))
            {
                Correct(device, said, present, isUnknown);
                state.Removals.Add(device, said.Key, present, isLost: deployment.WasHeld, isUnknown: isUnknown);
            }
        }
    }

    /// <summary>What is held on a device, and runs there in a version that it cannot be given: any manifest would take that from it. Null for nothing.</summary>
    public DeploymentKey? UnknownOn(DeviceId device)
    {
        if (state.Removals.IsEmpty)
        {
            return null;
        }

        DropWrong(device);
        return state.Removals.HeldOn(device).Where(key => state.Removals.IsUnknown(device, key)).Cast<DeploymentKey?>().Min();
    }

    private void Correct(DeviceId device, ReportedDeployment said, ManifestEntry present, bool isUnknown)
    {
        if (state.Removals.EntryOf(device, said.Key) is { } known && !IsSame(said, known))
        {
            state.Removals.Correct(device, said.Key, present, generation: null, isUnknown);
        }
    }

    // What the device says, as a manifest would: as it is wanted, or without what only a manifest knows. Null for another one of the name.
    private (ManifestEntry Entry, bool IsUnknown)? EntryOf(ReportedDeployment said) =>
        state.Model.CurrentOf(said.Key) is not { } current || current.Uid != said.Identity.Uid ? null
        : IsSame(said, current) ? (current, false)
        : (current with { ScoreDigest = said.Identity.ScoreDigest, Address = said.Identity.ScoreDigest, Key = [] }, true);

    /// <summary>Whether a device's manifest names one by another uid than its Deployment has, of which the store has not said yet whether it was removed.</summary>
    public bool IsOpen(DeviceId device) => state.Doubts.Count > 0 && state.Removals.Of(device).Any(key =>
        state.Doubts.TryGetValue(key, out var uids) && uids.Contains(state.Removals.EntryOf(device, key)!.Uid));

    // An older copy of the store may have another Deployment of that name: whether this one was removed by intent it is asked.
    private void Doubt(DeploymentKey key, string uid)
    {
        if (!state.Doubts.TryGetValue(key, out var uids))
        {
            state.Doubts[key] = uids = new HashSet<string>(StringComparer.Ordinal);
        }

        uids.Add(uid);
        state.IntentChecks.Add(key);
    }

    /// <summary>
    /// What is held on a device in another version than its deployment has now, and was found in a manifest: where that is of an older copy of the bus, the device may hold a
    /// newer one, and would go back. Null for none.
    /// </summary>
    public DeploymentKey? OlderOn(DeviceId device)
    {
        foreach (var entry in state.Removals.FoundOn(device))
        {
            var key = new DeploymentKey(entry.Namespace, entry.Name);
            if (state.Deployments.TryGetValue(key, out var deployment) && deployment.Address != entry.Address)
            {
                return key;
            }
        }

        return null;
    }

    /// <summary>
    /// How many places on a device have what is held or frozen there. It runs already: where not all have a place, those that have waited for one have none, and no other that runs.
    /// </summary>
    public int KeptOn(DeviceId device)
    {
        var frozen = state.Frozen.DeploymentsOf(device);
        if (state.Removals.IsEmpty)
        {
            return frozen.Count;
        }

        DropWrong(device);
        return frozen.Union(state.Removals.HeldOn(device)).Count();
    }

    /// <summary>What a device should have, with what is held there.</summary>
    public ImmutableArray<ManifestEntry> AddTo(DeviceId device, ImmutableArray<ManifestEntry> entries) =>
        state.Removals.IsEmpty ? entries : state.Removals.AddTo(device, entries);

    /// <summary>Judges a deployment anew.</summary>
    public void Judge(DeploymentKey key)
    {
        if (!state.Deployments.TryGetValue(key, out var entry))
        {
            return;
        }

        var (metadata, status) = (entry.Resource.Metadata, entry.Resource.Status);
        var facts = new RemovalFacts
        {
            Matched = state.Model.AggregateOf(key).MatchedDeviceCount,
            Generation = metadata.Generation,
            Approved = ApprovedRemoval.Of(metadata),
            LastHold = status?.RemovalHold ?? 0,
            IsFirst = !state.HasKnownAll, // An earlier run of the operator left the condition; this one knows by itself what it holds.
            WasHeld = !state.HasKnownAll && status?.Conditions.Of(ConditionTypes.RemovalHeld)?.Status == ConditionStatus.True,
            IsSameGeneration = status?.ObservedGeneration == metadata.Generation,
        };
        if (state.Removals.Judge(key, facts, state.Now))
        {
            state.Statuses.Add(key);
        }
    }

    /// <summary>Judges a deployment anew of which it cannot be told what was approved.</summary>
    public void JudgeUnapproved(DeploymentKey key) =>
        state.Removals.Judge(key, new() { Matched = state.Model.AggregateOf(key).MatchedDeviceCount }, state.Now);

    /// <summary>All is known: what was approved of it and nothing waits for was carried out.</summary>
    public void EndApproved(DeploymentKey key, DeploymentEntry entry)
    {
        if (entry is { WasHeld: false, Resource: { Status.RemovalHold: > 0 and var hold, Metadata: var metadata } } && ApprovedRemoval.Of(metadata).Hold == hold)
        {
            state.Removals.End(key);
        }
    }

    /// <summary>That it is held; null where it is not.</summary>
    public HeldRemoval? HeldOf(DeploymentKey key)
    {
        var devices = state.Removals.HeldOn(key);
        if (devices.IsEmpty)
        {
            return null;
        }

        var (count, matched) = (devices.Length, state.Model.AggregateOf(key).MatchedDeviceCount);
        var more = count > MaxDevicesTold ? $" and {count - MaxDevicesTold} more" : string.Empty;
        return new(count, new Condition
        {
            Type = ConditionTypes.RemovalHeld,
            Status = ConditionStatus.True,
            Reason = "ManyDevices",
            Message = $"It matches {matched} {(matched == 1 ? "device" : "devices")} now, and would be removed from {count} {(count == 1 ? "other" : "others")}: {string.Join(", ", devices.Take(MaxDevicesTold))}{more}. "
                + "What stands there stays until somebody approves its removal (fleet approve deployment), or the change is taken back." + Refused(key),
        });
    }

    private string Refused(DeploymentKey key) => state.Deployments.TryGetValue(key, out var entry) && entry.Fault is null && ApprovedRemoval.Unnumbered(entry.Resource.Metadata) is { } value
        ? $" The approval {ErrorText.Cut(value, MaxApprovalBytes)} counts for nothing: it does not say of which hold. Approve it with a fleet of this version, or as {entry.Resource.Metadata.Generation}/{state.Removals.HeldOn(key).Length}/{state.Removals.HoldOf(key) ?? 0}."
        : string.Empty;

    private void DropWrong(DeviceId device)
    {
        foreach (var key in state.Removals.Of(device).ToArray())
        {
            if (state.Model.IsMatched(device, key) || IsGone(device, key))
            {
                state.Removals.Drop(device, key);
            }
            else if (IsOlder(device, key))
            {
                DropOlder(device, key);
            }
        }
    }

    private void DropOlder(DeviceId device, DeploymentKey key)
    {
        if (state.Model.OtherOf(device, key) is { } said && EntryOf(said) is var (present, isUnknown))
        {
            Correct(device, said, present, isUnknown);
        }
        else
        {
            state.Removals.Drop(device, key);
        }
    }

    // What a device reported nothing of does not stand there; of one that has not reported yet it is not known.
    private bool Stands(DeviceId device, DeploymentKey key) =>
        state.Devices.TryGetValue(device, out var entry) && (!entry.News.HasReport || state.Model.IsSaid(device, key));

    // One that lost the manifest that it held says nothing of what stands, until it has read it again.
    private bool IsGone(DeviceId device, DeploymentKey key) =>
        !Stands(device, key) && (!state.Devices.TryGetValue(device, out var entry) || entry.Ledger.IsTaken);

    // The bucket had an older copy of its manifest: the device holds a newer one, and would go back to an older version. Unless it says that it runs just what was found.
    private bool IsOlder(DeviceId device, DeploymentKey key) =>
        state.Devices.TryGetValue(device, out var entry) && entry.Ledger.HeldGeneration > state.Removals.GenerationOf(device, key)
        && !(state.Model.OtherOf(device, key) is { } said && IsSame(said, state.Removals.EntryOf(device, key)!));

    private static bool IsSame(ReportedDeployment said, ManifestEntry entry) => said.Identity == new ScoreIdentity(entry.Uid, entry.ScoreDigest);
}
