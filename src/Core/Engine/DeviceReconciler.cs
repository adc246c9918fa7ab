using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Aggregation;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Devices;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using Harmony.Fleet.Core.Resources;
using Harmony.Fleet.Core.Selectors;
using Harmony.Fleet.Core.Validation;

namespace Harmony.Fleet.Core.Engine;

/// <summary>The devices: their resources, what they say, and whether they are reachable.</summary>
internal sealed class DeviceReconciler(FleetState state, ManifestReconciler manifests)
{
    private const int MaxErrorsTold = 5;

    /// <summary>So often in one interval of heartbeats all devices are looked at for those that have fallen silent.</summary>
    private const int LooksAnInterval = 30;

    private DateTimeOffset lastTurn;
    private DateTimeOffset nextLook;
    private bool wasHolding;

    /// <summary>All Devices, as they are.</summary>
    public void List(FleetEvent.DevicesListed all)
    {
        var ids = all.Resources.Select(resource => resource?.Metadata.Name).Concat(all.Unreadable).Select(name => DeviceId.TryParse(name, out var id) ? id : default).ToHashSet();
        foreach (var (id, _) in state.Devices.Where(known => known.Value.Resource is not null && known.Value.Answer <= all.Answers && !ids.Contains(known.Key)).ToArray())
        {
            Forget(id);
        }

        state.AreDevicesListed = true;
    }

    /// <summary>A Device is there, or changed.</summary>
    public void See(Device resource)
    {
        if (!DeviceId.TryParse(resource.Metadata.Name, out var id))
        {
            state.Tell(new FleetNotice.UnusableName(ResourceTypes.Devices.Kind, resource.Metadata.Name));
            return;
        }

        var entry = EntryOf(id);
        if (entry.Resource?.Metadata is { } known && entry.Fault?.Work != ReconcileFault.See && Told.IsOldNews(known, resource.Metadata))
        {
            return;
        }

        if (entry.Resource is null && resource.Metadata.DeletionTimestamp is null)
        {
            state.Tell(new FleetNotice.DeviceAcquired(id));
        }

        var wasDeleting = entry.IsDeleting;
        entry.Resource = resource;
        Remember(entry);
        state.DeviceWrites.Add(id);
        if (entry.IsDeleting)
        {
            if (!wasDeleting)
            {
                Retire(id, entry);
            }

            return;
        }

        Check(id, entry);
        Project(id, entry);
        var wasReachable = resource.Status?.Conditions.Of(ConditionTypes.Reachable)?.Status == ConditionStatus.True;
        state.Reachability.Know(id, wasReachable || entry.WasSeen, state.Now);
        state.Model.SetReachable(id, state.Reachability.IsReachable(id));
        if (entry.EarlyReport is { } report)
        {
            entry.EarlyReport = null;
            Take(id, entry, report);
        }
    }

    /// <summary>Seeing one went well, or not.</summary>
    public void Mark(Device? resource, string? thrown)
    {
        if (DeviceId.TryParse(resource?.Metadata.Name, out var id))
        {
            state.Mark(id, ReconcileFault.See, thrown);
        }
    }

    /// <summary>The answer to a write told of a Device.</summary>
    /// <param name="id">Which. One that is gone meanwhile does not come back by it.</param>
    /// <param name="resource">The resource.</param>
    /// <param name="answer">The answer's number.</param>
    public void SeeAnswer(DeviceId id, Device resource, long answer)
    {
        // One that is gone with its last finalizer is told by the watch.
        if (!state.Devices.TryGetValue(id, out var entry) || resource.Metadata is { DeletionTimestamp: not null, Finalizers.IsEmpty: true })
        {
            return;
        }

        if (entry.Resource?.Metadata.Uid != resource.Metadata.Uid)
        {
            entry.Answer = answer;
        }

        See(resource);
    }

    /// <summary>A Device is gone.</summary>
    public void Gone(Device resource)
    {
        if (DeviceId.TryParse(resource.Metadata.Name, out var id) && state.Devices.TryGetValue(id, out var entry) && entry.Resource is not null)
        {
            Forget(id);
            if (!entry.IsOffBus)
            {
                state.Leftovers.Add(id);
            }
        }
    }

    /// <summary>A device said who it is.</summary>
    public void Hear(DeviceInfo info, DateTimeOffset at)
    {
        var entry = EntryOf(info.Device);
        if (!IsNews(info.Device, entry, info.Order, entry.News.TakeInfo(info.Order), at))
        {
            return;
        }

        entry.Info = info;
        state.Effects.Add(new FleetEffect.KeepContact(info.Device, info.CommandNonce));
        state.DeviceWrites.Add(info.Device);
        if (entry is { Resource: not null, IsDeleting: false })
        {
            Project(info.Device, entry);
        }

        Saw(info.Device, entry, at);
    }

    /// <summary>A device said what stands on it.</summary>
    public void Hear(DeviceReport report, DateTimeOffset at)
    {
        var entry = EntryOf(report.Device);
        if (!IsNews(report.Device, entry, report.Order, entry.News.TakeReport(report.Order), at))
        {
            return;
        }

        Saw(report.Device, entry, at);
        if (entry.Resource is null)
        {
            entry.EarlyReport = report;
        }
        else if (!entry.IsDeleting)
        {
            Take(report.Device, entry, report);
        }
    }

    /// <summary>A heartbeat.</summary>
    public void Hear(Heartbeat beat, DateTimeOffset at)
    {
        if (!state.Devices.TryGetValue(beat.Device, out var entry))
        {
            return;
        }

        var newness = entry.News.TakeBeat(beat.Order);
        var isNews = IsNews(beat.Device, entry, beat.Order, newness, at);
        if ((isNews || (newness == Newness.Old && entry.News.GoesOnAside(beat.Order))) && entry.Instances.Saw(beat.Instance, state.Now))
        {
            state.Tell(new FleetNotice.IdentityDuplicated(beat.Device, entry.Instances.IsDuplicate));
            state.DeviceWrites.Add(beat.Device);
        }

        if (isNews)
        {
            Saw(beat.Device, entry, at);
        }
    }

    /// <summary>The number of deployments without a place changed on these.</summary>
    public void Overflow(IEnumerable<DeviceId> devices)
    {
        foreach (var id in devices)
        {
            if (state.Devices.TryGetValue(id, out var entry))
            {
                entry.Overflow = state.Model.OverflowOf(id).Length;
                state.DeviceWrites.Add(id);
            }
        }
    }

    /// <summary>The operator hears: silence counts from now on.</summary>
    public void HearAll() => state.Reachability.Hear(state.Now);

    /// <summary>The operator does not hear: silence says nothing.</summary>
    public void GoDeaf() => state.Reachability.GoDeaf();

    /// <summary>Looks for devices that have fallen silent. What waits to be heard is heard first, and after a pause of this process that may be all.</summary>
    /// <param name="isMoreWaiting">Whether something does. It cannot hold this up for longer than an interval.</param>
    public void Tick(bool isMoreWaiting)
    {
        var (interval, pause) = (state.Options.Reachability.Interval, state.Now - lastTurn);
        if (lastTurn != default && pause > interval)
        {
            state.Reachability.Wake(state.Now);
            state.Tell(new FleetNotice.Woke(pause));
        }

        lastTurn = state.Now;
        if (state.Now < nextLook || (isMoreWaiting && state.Now < nextLook + interval))
        {
            return;
        }

        nextLook = state.Now + (state.Options.Reachability.Interval / LooksAnInterval);
        foreach (var change in state.Reachability.Tick(state.Now))
        {
            state.Tell(new FleetNotice.DeviceTurned(change.Device, IsReachable: false));
            state.Model.SetReachable(change.Device, isReachable: false);
            state.DeviceWrites.Add(change.Device);
        }

        if (wasHolding != state.Reachability.IsHolding)
        {
            wasHolding = state.Reachability.IsHolding;
            state.Tell(new FleetNotice.SilenceHeld(wasHolding));
        }
    }

    /// <summary>What is to be done on the bus for a device that is being deleted, or is gone; null for nothing.</summary>
    public FleetEffect? CleanUp(DeviceId id) => IsThere(id) ? null : new FleetEffect.DeleteKeys(id);

    /// <summary>What became of it. What was heard of the device until now was said before it went.</summary>
    /// <returns>Whether it need not be tried again.</returns>
    public bool CleanedUp(DeviceId id, EffectResult result)
    {
        if (result is not EffectResult.Done)
        {
            return false;
        }

        if (state.Devices.TryGetValue(id, out var entry) && entry.IsDeleting)
        {
            entry.IsOffBus = true;
            manifests.Settle(entry);
            state.DeviceWrites.Add(id);
        }
        else if (!IsThere(id))
        {
            Remove(id);
        }

        return true;
    }

    /// <summary>Whether there is more of a device than what it says stands on it, and nobody wants it gone.</summary>
    private bool IsThere(DeviceId id) => state.Devices.TryGetValue(id, out var entry) && !entry.IsDeleting && (entry.Resource is not null || entry.Info is not null);

    /// <summary>Whether a document is news. One that is old and comes now is told of, and one that has lain there is not.</summary>
    private bool IsNews(DeviceId id, DeviceEntry entry, DocumentOrder order, Newness newness, DateTimeOffset at)
    {
        if (newness == Newness.Old && entry.Outdated is null && state.Now - at <= state.Options.Reachability.Limit)
        {
            entry.Outdated = order;
            state.Tell(new FleetNotice.DocumentOutdated(id, order, entry.News.Progress));
            if (!state.Reachability.IsReachable(id))
            {
                state.DeviceWrites.Add(id);
            }
        }
        else if (newness == Newness.News)
        {
            entry.Outdated = null;
            KeepProgress(id, entry, order);
        }

        return newness == Newness.News;
    }

    /// <summary>The store need not know of each document: it is told when it is told something else, or after a while.</summary>
    private void KeepProgress(DeviceId id, DeviceEntry entry, DocumentOrder order)
    {
        if (order.IsKnown && entry.ProgressDue is null && entry.News.Progress != entry.Resource?.Status?.Taken)
        {
            entry.ProgressDue = state.Now + (state.Options.ProgressInterval * (0.5 + (state.Random.NextDouble() / 2)));
            state.DeviceWrites.AddAt(id, entry.ProgressDue.Value);
        }
    }

    /// <summary>What the store remembers of a device counts more than what was said before that.</summary>
    private static void Remember(DeviceEntry entry)
    {
        entry.News.Remember(entry.Resource!.Status?.Taken);
        entry.Info = entry.News.HasInfo ? entry.Info : null;
        entry.EarlyReport = entry.News.HasReport ? entry.EarlyReport : null;
    }

    private DeviceEntry EntryOf(DeviceId id) =>
        state.Devices.TryGetValue(id, out var entry) ? entry : state.Devices[id] = new DeviceEntry(state.Options.Reachability.Interval * 6);

    private void Check(DeviceId id, DeviceEntry entry)
    {
        var (wasValid, errors) = (entry.Errors.IsEmpty, DeviceValidator.Validate(entry.Resource!));
        entry.Errors = errors;
        if (wasValid && !errors.IsEmpty)
        {
            state.Tell(new FleetNotice.DeviceInvalid(id, string.Join("; ", errors.Take(MaxErrorsTold))));
        }
    }

    private void Project(DeviceId id, DeviceEntry entry)
    {
        entry.Labels = LabelProjection.Project(id, entry.Resource!.Spec.Labels, entry.ReportedLabels);
        state.Model.Upsert(id, LabelSet.Of(entry.Labels.Labels));
    }

    private void Take(DeviceId id, DeviceEntry entry, DeviceReport report)
    {
        var now = state.Now;
        state.Model.Report(id, report.Deployments.Where(item => item is not null).Select(item => ReportedDeployment.Of(id, item, now)));
        manifests.Hear(id, entry, ReportedManifest.Of(report));
        if (entry.Refusal != report.Refusal)
        {
            if (report.Refusal is { } refusal)
            {
                state.Tell(new FleetNotice.ManifestRefused(id, refusal.Reason, refusal.Message));
            }

            entry.Refusal = report.Refusal;
            state.DeviceWrites.Add(id);
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

    // Nothing is given to it any more, and it is counted nowhere. The resource stays until nothing of it is on the bus, however often the operator
    // ends meanwhile: what stood there would make the device known again.
    private void Retire(DeviceId id, DeviceEntry entry)
    {
        state.Tell(new FleetNotice.DeviceDeleting(id));
        entry.IsOffBus = false;
        manifests.Withdraw(id, entry);
        Drop(id);
        state.Leftovers.Add(id);
    }

    private void Forget(DeviceId id)
    {
        state.Tell(new FleetNotice.DeviceGone(id));
        Remove(id);
        Drop(id);
    }

    private void Remove(DeviceId id)
    {
        if (state.Devices.Remove(id, out var entry))
        {
            manifests.Settle(entry);
        }
    }

    private void Drop(DeviceId id)
    {
        state.Reachability.Forget(id);
        state.Model.Remove(id);
        state.Frozen.Forget(id);
        state.Removals.Forget(id);
        state.Effects.Add(new FleetEffect.ForgetContact(id));
    }
}
