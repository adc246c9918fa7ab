using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Aggregation;
using Harmony.Fleet.Core.Desired;

namespace Harmony.Fleet.Core.Engine;

/// <summary>
/// What becomes of what stands on devices and is not given to them. No manifest drops a name that stands there without a warrant: that its Deployment was removed by intent, or is there
/// and does not match the device, and is not held. That is judged from what was found, each time that a manifest is decided, whatever the state was when it was found.
/// </summary>
internal sealed class StandingReconciler(FleetState state, IntentReconciler intent, RemovalReconciler removals)
{
    /// <summary>These are matched no more, and others are again.</summary>
    public void Take(FleetChange change)
    {
        foreach (var (device, key, entry) in change.Partings)
        {
            if (!HasNothing(device, key))
            {
                state.Standing.Part(device, key, entry, state.Deployments.TryGetValue(key, out var deployment) && deployment.IsBack);
                state.Guard($"Device {device}", () => Look(device, key));
            }
        }

        if (!state.Standing.IsEmpty)
        {
            foreach (var device in change.Manifests.Where(state.Standing.IsKnownOf))
            {
                state.Guard($"Device {device}", () => Look(device));
            }
        }
    }

    /// <summary>A manifest that this operator did not make was found for a device. Where it is just what the device is given there is nothing to keep.</summary>
    /// <param name="device">The device.</param>
    /// <param name="entries">What it says.</param>
    /// <param name="generation">Its generation.</param>
    /// <param name="isLost">Whether nothing was known to be written for the device: its Device was lost, and an administrator's labels with it.</param>
    public void Find(DeviceId device, ImmutableArray<ManifestEntry> entries, Generation generation, bool isLost)
    {
        var isGiven = entries.All(entry => state.Model.EntryOf(device, KeyOf(entry)) is { } given && given.Uid == entry.Uid && given.Address == entry.Address);
        LookAfter(device, () => state.Standing.Find(device, isGiven ? [] : entries, generation, isLost));
        foreach (var entry in entries.Where(entry => state.Standing.EntryOf(device, KeyOf(entry)) is { } last && last.Entry.Uid != entry.Uid))
        {
            Ask(KeyOf(entry), entry.Uid, isClaim: false);
        }
    }

    /// <summary>An older manifest than this operator gave a device was found, of a copy of the bus.</summary>
    public void FindPast(DeviceId device, ImmutableArray<ManifestEntry> entries) => LookAfter(device, () =>
    {
        foreach (var entry in entries.Where(entry => KindOf(KeyOf(entry), entry.Uid) == FateKind.Stays))
        {
            state.Standing.FindPast(device, entry);
        }
    });

    /// <summary>Whether what a device says may be all that is known of what stands on it, or something stands there.</summary>
    public bool IsToBeHeard(DeviceEntry entry) => entry.Ledger.IsStranger || state.Standing.IsKnownOf(entry.Id);

    /// <summary>A device said what it holds, and runs. Where nobody here knows its manifest it may be all that is known of what stands.</summary>
    public void Hear(DeviceEntry entry)
    {
        if (!IsToBeHeard(entry))
        {
            return;
        }

        Dictionary<DeploymentKey, ScoreIdentity> said = [];
        if (entry.Ledger.IsStranger)
        {
            // What is held and it says no more may have ended there for a moment: nothing says that it is gone.
            foreach (var key in state.Standing.KeysOf(entry.Id).Where(key => state.Removals.IsHeld(entry.Id, key)))
            {
                if (state.Standing.ClaimOf(entry.Id, key) is { } claim)
                {
                    said[key] = claim.Identity;
                }
            }

            foreach (var one in state.Model.OthersOf(entry.Id))
            {
                said[one.Key] = one.Identity;
            }
        }

        LookAfter(entry.Id, () => state.Standing.Hear(entry.Id, said));
        intent.Release(state.Standing.TakeDropped());
    }

    /// <summary>A device is gone.</summary>
    public void Forget(DeviceId device) => LookAfter(device, () => state.Standing.Forget(device));

    /// <summary>Something else is known of a deployment: what stands of it is judged anew, on all devices at once, so that many are seen to be many.</summary>
    public void Review(DeploymentKey key)
    {
        foreach (var device in state.Standing.DevicesOf(key))
        {
            Look(device, key);
            if (state.Devices.TryGetValue(device, out var entry) && entry.HasLedger)
            {
                state.Standing.Move(device);
            }
        }

        intent.Review(key);
    }

    /// <summary>What is to stay on a device, by whatever is known now.</summary>
    public Kept KeptOn(DeviceEntry entry)
    {
        if (!state.Standing.IsKnownOf(entry.Id))
        {
            return Kept.Nothing;
        }

        Look(entry.Id);
        removals.JudgeChanged();
        var kept = new Kept([], ImmutableSortedSet<DeploymentKey>.Empty, null, false);
        foreach (var key in state.Standing.KeysOf(entry.Id).Order())
        {
            kept = Keep(kept, entry, key);
        }

        return kept;
    }

    /// <summary>What is held on a device in another version than its deployment has now, and was found in a manifest: where that is of an older copy of the bus, the device may hold a newer one, and would go back. Null for none.</summary>
    public DeploymentKey? OlderOn(DeviceId device)
    {
        foreach (var key in state.Standing.KeysOf(device))
        {
            if (state.Standing.FoundOn(device, key) is not null && state.Removals.IsHeld(device, key)
                && state.Deployments.TryGetValue(key, out var deployment) && deployment.Address != state.Standing.EntryOf(device, key)!.Value.Entry.Address)
            {
                return key;
            }
        }

        return null;
    }

    /// <summary>A manifest is issued for a device, or stands as it is wanted: what it names no more is removed, whatever is held later.</summary>
    public void Write(DeviceId device, ImmutableArray<ManifestEntry> wanted, Kept kept, bool isIssued)
    {
        foreach (var key in state.Standing.KeysOf(device).Where(key => !wanted.Any(entry => KeyOf(entry) == key)))
        {
            state.Removals.Remove(device, key, state.Now);
        }

        state.Standing.Write(device, kept.Entries, isIssued);
    }

    private static DeploymentKey KeyOf(ManifestEntry entry) => new(entry.Namespace, entry.Name);

    private static bool IsSame(ScoreIdentity said, ManifestEntry entry) => said == new ScoreIdentity(entry.Uid, entry.ScoreDigest);

    private Kept Keep(Kept kept, DeviceEntry entry, DeploymentKey key)
    {
        var fate = FateOf(entry, key);
        if (fate.Kind == FateKind.Given)
        {
            state.Model.Meet(entry.Id, key);
            return kept;
        }

        if (ClaimedUid(entry.Id, key) is { } claimed && KindOf(key, claimed) == FateKind.Stays && !intent.IsOfAnother(key, claimed))
        {
            kept = kept with { Unjudged = kept.Unjudged.Add(key) };
        }

        if (fate.Kind == FateKind.Goes || (fate.Kind == FateKind.Waits && !state.Removals.IsHeld(entry.Id, key)))
        {
            return kept with { IsOpen = kept.IsOpen || IsOpen(entry.Id, key) };
        }

        return fate.Entry is { } stays ? kept with { Entries = kept.Entries.Add((stays, fate.IsLost)), IsOpen = kept.IsOpen || IsOpen(entry.Id, key) }
            : fate.Kind == FateKind.Waits ? kept with { Unknown = kept.Unknown ?? key }
            : kept;
    }

    private bool IsOpen(DeviceId device, DeploymentKey key) => state.Standing.EntryOf(device, key) is { } named && intent.IsOpen(key, named.Entry.Uid);

    // What a device says of a deployment by another uid than its manifest is known to name.
    private string? ClaimedUid(DeviceId device, DeploymentKey key) =>
        state.Standing.ClaimOf(device, key)?.Uid is { } uid && uid != state.Standing.EntryOf(device, key)?.Entry.Uid ? uid : null;

    // What was there before, and is not any more, waits for nothing.
    private void LookAfter(DeviceId device, Action change)
    {
        var before = state.Standing.KeysOf(device);
        change();
        Look(device);
        foreach (var key in before)
        {
            Look(device, key);
        }
    }

    private void Look(DeviceId device)
    {
        foreach (var key in state.Standing.KeysOf(device))
        {
            Look(device, key);
        }
    }

    private void Look(DeviceId device, DeploymentKey key)
    {
        var fate = state.Devices.TryGetValue(device, out var entry) && entry.HasLedger ? FateOf(entry, key) : default;
        if (fate.Kind == FateKind.Waits)
        {
            state.Removals.Add(device, key, fate.IsLost);
        }
        else
        {
            state.Removals.Drop(device, key);
        }

        if (fate.Kind != FateKind.Given)
        {
            Ask(key, state.Standing.EntryOf(device, key)?.Entry.Uid, isClaim: false);
            Ask(key, ClaimedUid(device, key), isClaim: true);
        }
    }

    private void Ask(DeploymentKey key, string? uid, bool isClaim)
    {
        if (uid is not null && intent.IsToBeAsked(key, uid) && KindOf(key, uid) is var kind && (kind == FateKind.Stays || (kind == FateKind.Waits && !isClaim)) && !(isClaim && intent.IsOfAnother(key, uid)))
        {
            intent.Ask(key, uid, isClaim);
        }
    }

    private Fate FateOf(DeviceEntry device, DeploymentKey key)
    {
        if (state.Model.IsMatched(device.Id, key))
        {
            return new(FateKind.Given);
        }

        if (state.Standing.EntryOf(device.Id, key) is { } named)
        {
            var kind = KindOf(key, named.Entry.Uid);
            if (kind == FateKind.Stays)
            {
                return new(kind, named.Entry, named.IsLost);
            }

            if (kind == FateKind.Waits && !named.IsPast && StandsAs(device, key, named) is var (stands, entry) && stands)
            {
                return new(kind, entry, named.IsLost || state.Deployments[key].Uid != named.Entry.Uid);
            }
        }

        return state.Standing.ClaimOf(device.Id, key) is { } claim ? FateOf(key, claim) : default;
    }

    // By the word of the device alone. Another one of the name that is carried out says nothing of it.
    private Fate FateOf(DeploymentKey key, Claim claim) => KindOf(key, claim.Uid) switch
    {
        FateKind.Stays when !intent.IsOfAnother(key, claim.Uid) => new(FateKind.Stays),
        FateKind.Waits when state.Deployments[key] is var deployment && deployment.Uid == claim.Uid =>
            new(FateKind.Waits, state.Model.CurrentOf(key) is { } current && IsSame(claim.Identity, current) ? current : null, claim.IsLost || deployment.WasHeld),
        _ => default,
    };

    private FateKind KindOf(DeploymentKey key, string uid) =>
        intent.IsRemoved(key, uid) ? FateKind.Goes
        : !state.Deployments.TryGetValue(key, out var deployment) ? FateKind.Stays
        : deployment.IsDeleting ? (deployment.Resource.Metadata.Uid == uid ? FateKind.Goes : FateKind.Stays)
        : deployment.IsCarriedOut ? FateKind.Waits
        : FateKind.Stays;

    // It says now that it holds no manifest, and runs nothing of it.
    private bool HasNothing(DeviceId device, DeploymentKey key) =>
        state.Devices.TryGetValue(device, out var entry) && entry is { News.HasReport: true, Ledger.HeldGeneration: null } && entry.HeardBy == state.ReportWatch && state.Model.OtherOf(device, key) is null;

    // Whether what a manifest names really stands, and what can be given that keeps it; null for nothing.
    private (bool Stands, ManifestEntry? Entry) StandsAs(DeviceEntry device, DeploymentKey key, StandingEntry named)
    {
        var said = state.Model.OtherOf(device.Id, key);
        var isOlder = device.Ledger.HeldGeneration > state.Standing.FoundOn(device.Id, key); // The bucket had an older copy of its manifest: the device would go back.
        if (said is null)
        {
            return (!isOlder && !device.Ledger.IsTaken, named.Entry); // The report of the very manifest that names it does not have it.
        }

        if ((!isOlder && !device.Ledger.IsStranger) || IsSame(said.Value.Identity, named.Entry))
        {
            return (true, named.Entry);
        }

        return state.Model.CurrentOf(key) is { } current && current.Uid == said.Value.Identity.Uid ? (true, IsSame(said.Value.Identity, current) ? current : null) : (!isOlder, named.Entry);
    }
}

/// <summary>What is to stay on a device, besides what it is given.</summary>
/// <param name="Entries">What its manifest goes on to say, and whether what matched that may have been lost.</param>
/// <param name="Unjudged">What it says that it runs by a manifest that nobody knows, and was lost or cannot be judged: it is given nothing.</param>
/// <param name="Unknown">What is held on it and runs there in a version that it cannot be given; null for nothing.</param>
/// <param name="IsOpen">Whether the store has not said yet of all that its manifest names whether it was removed.</param>
internal sealed record Kept(ImmutableList<(ManifestEntry Entry, bool IsLost)> Entries, ImmutableSortedSet<DeploymentKey> Unjudged, DeploymentKey? Unknown, bool IsOpen)
{
    /// <summary>Nothing.</summary>
    public static Kept Nothing { get; } = new([], [], null, false);

    /// <summary>A manifest's entries with these, by namespace and name. What runs already goes first where not all have a place.</summary>
    public ImmutableArray<ManifestEntry> AddTo(ImmutableArray<ManifestEntry> given) => Entries.IsEmpty ? given
        : [.. Entries.Select(one => one.Entry).Concat(given).Take(WireLimits.MaxDeploymentsPerDevice).OrderBy(entry => new DeploymentKey(entry.Namespace, entry.Name))];
}

/// <summary>What becomes of what stands on a device.</summary>
internal enum FateKind
{
    /// <summary>It was removed by intent, or does not stand there.</summary>
    Goes,

    /// <summary>The device is given it, or will be when that comes to it.</summary>
    Given,

    /// <summary>It cannot be judged, or nobody knows whether it was removed.</summary>
    Stays,

    /// <summary>Its Deployment is there, and does not match the device: it goes, unless that is held.</summary>
    Waits,
}

/// <summary>What becomes of a deployment that stands on a device.</summary>
/// <param name="Kind">What.</param>
/// <param name="Entry">What the device's manifest says of it as long as it stays; null where nothing can be said that keeps it.</param>
/// <param name="IsLost">Whether what matched it may have been lost.</param>
internal readonly record struct Fate(FateKind Kind, ManifestEntry? Entry = null, bool IsLost = false);
