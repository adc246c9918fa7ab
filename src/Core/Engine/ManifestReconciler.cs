using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;

namespace Harmony.Fleet.Core.Engine;

/// <summary>The manifests: what each device should have, what the bucket holds, and the writes that bring the two together.</summary>
internal sealed class ManifestReconciler(FleetState state, ScoreReconciler scores, StandingReconciler standing, LeavingDeployments leaving)
{
    private const int MaxTold = 5;
    private const int MaxFirsts = 16;

    private readonly AwaitedReports awaited = new(state, standing);

    // What was issued for devices of which nothing is known to be stored: a write whose answer was lost may come back.
    private readonly Dictionary<DeviceId, List<Digest>> firsts = [];
    private int watch = 1;
    private bool hasOnceCaughtUp;
    private bool isOfConnectionBefore;

    private bool IsRead => !state.CaughtUp.Contains(WatchedBucket.DesiredState) || state.Resyncing.Contains(WatchedBucket.DesiredState);

    /// <summary>What these devices should have may have changed.</summary>
    public void Touch(IReadOnlyCollection<DeviceId> devices)
    {
        state.Manifests.Expect(devices.Count);
        foreach (var device in devices)
        {
            if (state.Devices.TryGetValue(device, out var entry) && !entry.IsDeleting)
            {
                entry.HasLedger = true;
                leaving.Unsettle(device, entry);
                state.Manifests.Add(device);
            }
        }
    }

    /// <summary>A device is being deleted: nothing is written for it any more, and what is stored is not settled until it is removed.</summary>
    public void Withdraw(DeviceId device, DeviceEntry entry)
    {
        (entry.HasLedger, entry.Ledger, entry.IsManifestKnown) = (false, entry.Ledger.Anew(), false); // One that is made anew meanwhile is given nothing older than it holds.
        firsts.Remove(device);
        leaving.Unsettle(device, entry);
    }

    /// <summary>A device said what it holds.</summary>
    public void Hear(DeviceId device, DeviceEntry entry, ReportedManifest held)
    {
        if (!entry.HasLedger)
        {
            return;
        }

        entry.Ledger.Hear(held);
        if (state.HasKnownAll)
        {
            standing.Hear(entry);
        }

        if (held.Refusal?.Reason == RefusalReason.ScoreMissing)
        {
            scores.Verify(state.Model.EntriesOf(device));
            entry.Suffer(entry.Trouble with { Missed = entry.Trouble.Missed ?? MissedScores.Since(state.Now) });
        }
        else if (entry.Trouble.Missed is not null)
        {
            entry.Suffer(entry.Trouble with { Missed = null });
        }

        if (held.Refusal is not null || !entry.Ledger.IsTaken || entry.Trouble.Awaited is not null)
        {
            state.Manifests.Add(device);
        }
    }

    /// <summary>All is known: what devices say that they run counts where their manifests are not known.</summary>
    public void HearAll()
    {
        foreach (var entry in state.Devices.Where(entry => entry.HasLedger && standing.IsToBeHeard(entry)))
        {
            state.Guard($"Device {entry.Id}", () => standing.Hear(entry));
        }
    }

    /// <summary>A device reported since it became known: what waited for that is decided.</summary>
    public void Spoke(DeviceId device)
    {
        if (state.Devices.TryGetValue(device, out var entry) && entry.Trouble.Awaited is not null)
        {
            state.Manifests.Add(device);
        }
    }

    /// <summary>The bucket holds this.</summary>
    public void See(FleetEvent.ManifestSeen seen)
    {
        if (!state.Devices.TryGetValue(seen.Device, out var entry) || !entry.HasLedger)
        {
            // Its Device may have been lost as well, and come again: what it says is known then, unless it was removed meanwhile.
            if (seen.Stored.Generation is { } generation)
            {
                standing.Find(seen.Device, seen.Entries, generation, isLost: true);
            }
            else if (seen.Stored.Digest is null)
            {
                standing.Forget(seen.Device);
            }

            return;
        }

        // While all of it is read, revisions may be of another bucket than those before.
        if (IsRead)
        {
            entry.ShownBy = watch;
        }
        else if (seen.Stored.Revision <= entry.Ledger.Stored.Revision)
        {
            return;
        }

        Find(entry, seen.Stored, seen.Entries, isAnothers: false);
        entry.Ledger.See(seen.Stored);
        state.Manifests.Add(seen.Device);
    }

    // What this run issued is no news. For a device of which nothing was known to be stored, though its resource is new or the bucket was read, stands one that was not written by this run.
    private void Find(DeviceEntry entry, StoredManifest stored, ImmutableArray<ManifestEntry> entries, bool isAnothers)
    {
        if (stored.Digest is not { } digest)
        {
            return;
        }

        var isFirst = !entry.IsManifestKnown;
        entry.IsManifestKnown = true;
        var isOwn = (isFirst && firsts.Remove(entry.Id, out var issued) && issued.Contains(digest)) || entry.Ledger.IsIssuedAs(stored);
        if (isOwn || stored.Generation is not { } generation)
        {
            return;
        }

        if (!isFirst && entry.Ledger.IsPast(generation, state.Term))
        {
            standing.FindPast(entry.Id, entries);
        }
        else
        {
            standing.Find(entry.Id, entries, generation, isAnothers || (isFirst && (hasOnceCaughtUp || entry.IsLate)));
        }
    }

    /// <summary>
    /// The link changed. The watch begins again with each connection; until then a write over the revisions that are known could meet the same ones of another
    /// bucket, or of an older copy, if it comes late.
    /// </summary>
    public void Link(bool isUp)
    {
        if (!isUp)
        {
            isOfConnectionBefore = state.CaughtUp.Contains(WatchedBucket.DesiredState);
        }
        else if (isOfConnectionBefore)
        {
            state.ManifestsDoubtedUntil = state.Now + state.Options.RewatchLimit;
        }
    }

    /// <summary>The bucket holds what it held when it was last read.</summary>
    public void SeeAgain(DeviceId device)
    {
        if (state.Devices.TryGetValue(device, out var entry))
        {
            entry.ShownBy = watch;
        }
    }

    /// <summary>The watch begins again.</summary>
    public void Restart(string reason)
    {
        state.Tell(new FleetNotice.ManifestsDoubted(reason));
        watch++;
        Trust();
    }

    /// <summary>All of a bucket is read anew: what it holds is known as before until then.</summary>
    public void Resync(WatchedBucket bucket)
    {
        if (bucket == WatchedBucket.DesiredState)
        {
            watch++;
        }
    }

    /// <summary>The watch has shown all that the bucket holds: what it did not show is not there.</summary>
    public void CatchUp()
    {
        Trust();
        foreach (var entry in state.Devices)
        {
            if (entry.HasLedger && entry.ShownBy != watch)
            {
                entry.Ledger.See(StoredManifest.None);
                state.Standing.Unstore(entry.Id);
                state.Manifests.Add(entry.Id);
            }
        }

        if (!hasOnceCaughtUp)
        {
            // Deployments may have been listed before the devices. The bucket is only watched after both: now all are known that may name them.
            hasOnceCaughtUp = true;
            leaving.LeaveAgain();
        }
    }

    private void Trust() => (isOfConnectionBefore, state.ManifestsDoubtedUntil) = (false, default);

    /// <summary>Decides about one device.</summary>
    /// <returns>The write that it needs; null where what is stored is what is wanted, or where it has to wait.</returns>
    public FleetEffect? Decide(DeviceId device)
    {
        if (!state.Devices.TryGetValue(device, out var entry) || !entry.HasLedger)
        {
            return null;
        }

        standing.Hear(entry);
        var kept = standing.KeptOn(entry);
        var isHeld = AwaitedReports.IsUnheard(entry) || awaited.RunsUnknown(device, entry, kept.Unknown) | IsHeld(device, entry, kept.Unjudged);
        var wasAwaited = state.AwaitingOlder.Contains(device);
        if (awaited.Awaits(device, entry) || isHeld)
        {
            leaving.Settle(entry); // Only what its manifest names waits for it.
            return null;
        }

        if (wasAwaited)
        {
            leaving.Unsettle(device, entry); // What waited for it leaves when the next one is written.
        }

        var entries = state.Model.EntriesOf(device, WireLimits.MaxDeploymentsPerDevice - kept.Entries.Count);
        if (entry.Trouble.Missed is { } missed)
        {
            LookAtMissed(device, entry, missed, entries);
        }

        if (scores.FirstMissing(entries) is { } missing)
        {
            missing.Waiting.Add(device);
            return null;
        }

        var wanted = kept.AddTo(entries);
        var step = entry.Ledger.Decide(device, wanted, state.Term!.Value, state.Now);
        if (step is ManifestStep.Put && kept.IsOpen)
        {
            return null; // One that was removed would come back to a device that knows better than the bucket.
        }

        if (step is not ManifestStep.Stuck)
        {
            standing.Write(device, wanted, kept, isIssued: step is ManifestStep.Put);
        }

        if (step is ManifestStep.Put put)
        {
            Remember(device, entry, put);
            return new FleetEffect.PutManifest(device, put, watch);
        }

        leaving.Settle(entry);
        if (step is not ManifestStep.Stuck)
        {
            state.Removals.Confirm(device);
        }

        if (step is ManifestStep.Later later)
        {
            state.Manifests.AddAt(device, later.NotBefore);
        }

        var stuck = (step as ManifestStep.Stuck)?.Reason;
        if (entry.Trouble.Stuck != stuck)
        {
            entry.Suffer(entry.Trouble with { Stuck = stuck });
            state.DeviceWrites.Add(device);
        }

        return null;
    }

    private void Remember(DeviceId device, DeviceEntry entry, ManifestStep.Put put)
    {
        if (put.Revision == 0 && !entry.IsManifestKnown)
        {
            var issued = firsts.TryGetValue(device, out var before) ? before : firsts[device] = [];
            issued.Remove(put.Digest);
            issued.Add(put.Digest);
            issued.RemoveRange(0, Math.Max(0, issued.Count - MaxFirsts)); // What a write of long ago may bring back is taken for found, and held.
        }
    }

    private bool IsHeld(DeviceId device, DeviceEntry entry, ImmutableSortedSet<DeploymentKey> unjudged)
    {
        var words = unjudged.IsEmpty ? null : TextOf(unjudged);
        if (entry.Trouble.Unjudged != words)
        {
            if (words is not null)
            {
                state.Tell(new FleetNotice.ManifestHeld(device, words));
            }

            entry.Suffer(entry.Trouble with { Unjudged = words });
            state.DeviceWrites.Add(device);
        }

        return words is not null;
    }

    private static string TextOf(ImmutableSortedSet<DeploymentKey> keys) =>
        string.Join(", ", keys.Take(MaxTold)) + (keys.Count > MaxTold ? $" and {keys.Count - MaxTold} more" : string.Empty);

    // A device says once that it misses a score: what was put for it may be damaged again before it has it.
    private void LookAtMissed(DeviceId device, DeviceEntry entry, MissedScores missed, ImmutableArray<ManifestEntry> entries)
    {
        if (missed.Next <= state.Now)
        {
            scores.Verify(entries);
            missed = missed.LookedAt(state.Now);
            entry.Suffer(entry.Trouble with { Missed = missed });
        }

        state.Manifests.AddAt(device, missed.Next);
    }

    /// <summary>What became of a write.</summary>
    /// <returns>Whether it need not be tried again.</returns>
    public bool Finish(FleetEffect.PutManifest put, EffectResult result)
    {
        if (result is not EffectResult.ManifestPut { Known: { } known } told)
        {
            return false;
        }

        if (told.IsWritten)
        {
            state.Tell(new FleetNotice.ManifestStored(put.Device, put.Step));
        }

        // What a write to a bucket that is no more said, says nothing.
        if (put.Watch == watch && state.Devices.TryGetValue(put.Device, out var entry) && entry.HasLedger && IsNewer(known, entry.Ledger.Stored, put))
        {
            Find(entry, known, told.Entries, isAnothers: put.Step.Revision == 0 && known.Generation?.Term != state.Term);
            entry.Ledger.See(known);
        }

        if (told.IsWritten && state.Devices.TryGetValue(put.Device, out var retired) && retired.IsDeleting)
        {
            retired.IsOffBus = false;
            state.Leftovers.Add(put.Device);
        }

        state.Manifests.Add(put.Device);
        return known.Digest == put.Step.Digest;
    }

    // Nothing at all is newer than what the write was to replace: a delete marker is removed after a while, and no watch tells of it.
    private static bool IsNewer(StoredManifest known, StoredManifest present, FleetEffect.PutManifest put) =>
        known.Revision > present.Revision || (known == StoredManifest.None && present.Revision == put.Step.Revision);

    /// <summary>It cannot be decided about a device, for a fault: nobody else waits for it.</summary>
    public void Fail(DeviceId device)
    {
        if (state.Devices.TryGetValue(device, out var entry) && entry.Ticket != 0)
        {
            leaving.Settle(entry);
            leaving.Unsettle(device, entry);
        }
    }
}
