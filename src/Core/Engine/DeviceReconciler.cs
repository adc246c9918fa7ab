using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using Harmony.Fleet.Core.Validation;

namespace Harmony.Fleet.Core.Engine;

/// <summary>The Device resources: how they come, change and go.</summary>
internal sealed class DeviceReconciler(FleetState state, ManifestReconciler manifests, DocumentReconciler documents, StandingReconciler standing, LeavingDeployments leaving)
{
    private const int MaxErrorsTold = 5;

    /// <summary>All Devices, as they are.</summary>
    public void List(FleetEvent.DevicesListed all)
    {
        var ids = all.Present.Concat(all.Unreadable).Select(name => DeviceId.TryParse(name, out var id) ? id : default).ToHashSet();
        foreach (var gone in state.Devices.Where(known => known.IsStored && known.Answer <= all.Answers && !ids.Contains(known.Id)).ToArray())
        {
            // That one is not on a list is no proof that somebody wanted it gone: what it said stays, and makes it known again.
            Forget(gone.Id);
            if (gone.IsDeleting)
            {
                CleanUp(gone.Id, gone);
            }
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

        var entry = state.Devices.Make(id);
        id = entry.Id;
        var seen = SeenVersion.Of(resource.Metadata);
        if (entry is { IsStored: true, IsUnfinished: false } && entry.Seen.MakesOldNewsOf(seen))
        {
            return;
        }

        if (!entry.IsStored && resource.Metadata.DeletionTimestamp is null)
        {
            state.Tell(new FleetNotice.DeviceAcquired(id));
        }

        entry.IsLate = entry.IsStored ? entry.IsLate : state.AreDevicesListed;
        var wasDeleting = entry is { IsDeleting: true, IsUnfinished: false };
        entry.IsUnfinished = true;
        entry.Hold(resource, seen, state);
        state.DeviceWrites.Add(id);
        if (entry.IsDeleting)
        {
            if (!wasDeleting)
            {
                Retire(id, entry);
            }

            entry.IsUnfinished = false;
            return;
        }

        Check(id, entry, resource);
        documents.Project(id, entry);
        var wasReachable = resource.Status?.Conditions.Of(ConditionTypes.Reachable)?.Status == ConditionStatus.True;
        state.Reachability.Know(id, wasReachable || entry.WasSeen, state.Now);
        state.Model.SetReachable(id, state.Reachability.IsReachable(id));
        if (entry.EarlyReport is { } report)
        {
            entry.EarlyReport = null;
            manifests.Touch([id]); // Of what it says that it holds, too.
            documents.Take(id, entry, report);
        }

        entry.IsUnfinished = false;
    }

    /// <summary>Seeing one went well, or not.</summary>
    public void Mark(Device? resource, string? thrown)
    {
        if (DeviceId.TryParse(resource?.Metadata.Name, out var id))
        {
            state.Mark(id, ReconcileFault.See, thrown);
        }
    }

    /// <summary>The answer to a write, or to a question, told of a Device.</summary>
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

        var seen = SeenVersion.Of(resource.Metadata);
        if (entry.Seen.Uid != seen.Uid)
        {
            entry.Answer = answer;
        }

        if (entry is { IsStored: true, IsUnfinished: false } && entry.Seen == seen)
        {
            entry.Hold(resource, seen, state); // It was asked for, and is what was seen before.
            state.DeviceWrites.Add(id);
        }
        else
        {
            See(resource);
        }
    }

    /// <summary>A Device is gone.</summary>
    public void Gone(Device resource)
    {
        if (DeviceId.TryParse(resource.Metadata.Name, out var id) && state.Devices.TryGetValue(id, out var entry) && entry.IsStored)
        {
            Forget(id);
            CleanUp(id, entry);
        }
    }

    /// <summary>The number of deployments without a place changed on these.</summary>
    public void Overflow(IEnumerable<DeviceId> devices)
    {
        foreach (var id in devices)
        {
            if (state.Devices.TryGetValue(id, out var entry))
            {
                entry.Suffer(entry.Trouble with { Overflow = state.Model.OverflowOf(id).Length });
                state.DeviceWrites.Add(id);
            }
        }
    }

    /// <summary>What is to be done on the bus for a device that is being deleted, or is gone; null for nothing.</summary>
    public FleetEffect? CleanUp(DeviceId id) => IsThere(id) ? null : new FleetEffect.DeleteKeys(id);

    /// <summary>What became of it. What was heard of the device until now was said before it went.</summary>
    /// <returns>Whether it need not be tried again.</returns>
    public bool CleanedUp(DeviceId id, EffectResult result)
    {
        if (result is EffectResult.ManifestRemoved && state.Devices.TryGetValue(id, out var left) && left.IsDeleting)
        {
            leaving.Settle(left); // No Deployment waits for a device that goes on talking.
        }

        if (result is not EffectResult.Done)
        {
            return false;
        }

        if (state.Devices.TryGetValue(id, out var entry) && entry.IsDeleting)
        {
            entry.IsOffBus = true;
            leaving.Settle(entry);
            state.DeviceWrites.Add(id);
        }
        else if (!IsThere(id))
        {
            Remove(id);
        }

        return true;
    }

    /// <summary>Whether there is more of a device than what it says stands on it, and nobody wants it gone.</summary>
    private bool IsThere(DeviceId id) => state.Devices.TryGetValue(id, out var entry) && !entry.IsDeleting && (entry.IsStored || entry.HasInfo);

    private void Check(DeviceId id, DeviceEntry entry, Device resource)
    {
        var (wasValid, errors) = (entry.Trouble.Errors.IsEmpty, DeviceValidator.Validate(resource));
        entry.Suffer(entry.Trouble with { Errors = errors });
        if (wasValid && !errors.IsEmpty)
        {
            state.Tell(new FleetNotice.DeviceInvalid(id, string.Join("; ", errors.Take(MaxErrorsTold))));
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
        Drop(id);
        Remove(id);
    }

    /// <summary>What is on the bus of one that was wanted gone is removed, and once more when nothing can be on its way any more.</summary>
    private void CleanUp(DeviceId id, DeviceEntry entry)
    {
        if (!entry.IsOffBus)
        {
            state.Leftovers.Add(id);
        }

        state.Leftovers.AddAt(id, state.Now + state.Options.LateWrites);
    }

    private void Remove(DeviceId id)
    {
        if (state.Devices.Remove(id, out var entry))
        {
            leaving.Settle(entry);
        }
    }

    private void Drop(DeviceId id)
    {
        state.Reachability.Forget(id);
        state.Awaiting.Remove(id);
        state.AwaitingOlder.Remove(id);
        state.Model.Remove(id);
        standing.Forget(id);
        state.Removals.Forget(id);
        state.Effects.Add(new FleetEffect.ForgetContact(id));
        state.Effects.Add(new FleetEffect.ReadAgain(id));
    }
}
