using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Aggregation;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Devices;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;

namespace Harmony.Fleet.Core.Engine;

/// <summary>What devices say: who they are, what stands on them, and that they live.</summary>
internal sealed class DocumentReconciler(FleetState state, ManifestReconciler manifests)
{
    /// <summary>How many intervals of heartbeats one agent alone must have spoken before a second one counts as gone.</summary>
    private const int IntervalsOfQuiet = 6;

    /// <summary>A device said who it is.</summary>
    public void Hear(DeviceInfo info, DateTimeOffset at)
    {
        var entry = state.Devices.Make(info.Device);
        var id = entry.Id;
        var newness = entry.News.TakeInfo(info.Order);
        if (!IsNews(id, entry, info.Order, newness, at))
        {
            if (newness == Newness.Known && entry.HearAgain(info, state))
            {
                state.DeviceWrites.Add(id);
            }

            return;
        }

        entry.Hear(info, state);
        state.Effects.Add(new FleetEffect.KeepContact(id, info.CommandNonce));
        state.DeviceWrites.Add(id);
        if (entry is { IsStored: true, IsDeleting: false })
        {
            Project(id, entry);
        }

        Saw(id, entry, at);
    }

    /// <summary>A device said what stands on it.</summary>
    public void Hear(DeviceReport report, DateTimeOffset at)
    {
        var entry = state.Devices.Make(report.Device);
        var id = entry.Id;
        var newness = entry.News.TakeReport(report.Order);
        if (newness != Newness.Old && state.IsLive(WatchedBucket.DeviceState))
        {
            var isFirst = entry.HeardBy == 0;
            entry.HeardBy = state.ReportWatch;
            if (isFirst)
            {
                manifests.Spoke(id);
            }
        }

        if (!IsNews(id, entry, report.Order, newness, at))
        {
            return;
        }

        Saw(id, entry, at);
        if (!entry.IsStored)
        {
            entry.EarlyReport = report;
        }
        else if (!entry.IsDeleting)
        {
            Take(id, entry, report);
        }
    }

    /// <summary>A heartbeat.</summary>
    public void Hear(Heartbeat beat, DateTimeOffset at)
    {
        if (!state.Devices.TryGetValue(beat.Device, out var entry))
        {
            return;
        }

        var id = entry.Id;
        var newness = entry.News.TakeBeat(beat.Order);
        var isNews = IsNews(id, entry, beat.Order, newness, at);
        if ((isNews || (newness == Newness.Old && entry.News.GoesOnAside(beat.Order))) && entry.Instances.Saw(beat.Instance, state.Now, state.Options.Reachability.Interval * IntervalsOfQuiet))
        {
            state.Tell(new FleetNotice.IdentityDuplicated(id, entry.Instances.IsDuplicate));
            state.DeviceWrites.Add(id);
        }

        if (isNews)
        {
            Saw(id, entry, at);
        }
    }

    /// <summary>Gives a device what its labels match.</summary>
    public void Project(DeviceId id, DeviceEntry entry) => state.Model.Upsert(id, state.LabelSets.Share(entry.Projected));

    /// <summary>Takes what a device says stands on it.</summary>
    public void Take(DeviceId id, DeviceEntry entry, DeviceReport report)
    {
        var now = state.Now;
        state.Model.Report(id, report.Deployments.Where(item => item is not null).Select(item => ReportedDeployment.Of(id, item, now)));
        manifests.Hear(id, entry, ReportedManifest.Of(report));
        var refusal = report.Refusal is { } said ? said with { At = default } : null; // The same again is no news.
        if (entry.Trouble.Refusal != refusal)
        {
            if (refusal is not null)
            {
                state.Tell(new FleetNotice.ManifestRefused(id, refusal.Reason, refusal.Message));
            }

            entry.Suffer(entry.Trouble with { Refusal = refusal });
            state.DeviceWrites.Add(id);
        }
    }

    /// <summary>Whether a document is news. One that is old and comes now is told of, and one that has lain there is not.</summary>
    private bool IsNews(DeviceId id, DeviceEntry entry, DocumentOrder order, Newness newness, DateTimeOffset at)
    {
        if (newness == Newness.Old && entry.Trouble.Outdated is null && state.Now - at <= state.Options.Reachability.Limit)
        {
            entry.Suffer(entry.Trouble with { Outdated = order });
            state.Tell(new FleetNotice.DocumentOutdated(id, order, entry.News.Progress));
            if (!state.Reachability.IsReachable(id))
            {
                state.DeviceWrites.Add(id);
            }
        }
        else if (newness == Newness.News)
        {
            if (entry.Trouble.Outdated is not null)
            {
                entry.Suffer(entry.Trouble with { Outdated = null });
            }

            KeepProgress(id, entry, order);
        }

        return newness == Newness.News;
    }

    /// <summary>The store need not know of each document: it is told when it is told something else, or after a while.</summary>
    private void KeepProgress(DeviceId id, DeviceEntry entry, DocumentOrder order)
    {
        if (order.IsKnown && entry.ProgressDue is null && entry.News.IsUnstored)
        {
            entry.ProgressDue = state.Now + (state.Options.ProgressInterval * (0.5 + (state.Random.NextDouble() / 2)));
            state.ProgressTimers.Add(entry);
        }
    }

    private void Saw(DeviceId id, DeviceEntry entry, DateTimeOffset at)
    {
        var now = state.Now;
        at = at < now ? at : now;
        entry.LastSeen = entry.LastSeen > at ? entry.LastSeen : at;
        if (now - at > state.Options.Reachability.Limit)
        {
            state.DeviceWrites.Add(id);
            return;
        }

        entry.WasSeen = true;
        if (state.Reachability.Saw(id, at))
        {
            state.Tell(new FleetNotice.DeviceTurned(id, IsReachable: true));
            state.Model.SetReachable(id, isReachable: true);
            state.DeviceWrites.Add(id);
        }
    }
}
