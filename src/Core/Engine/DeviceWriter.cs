using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Devices;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Core.Engine;

/// <summary>
/// What is written into the Device resources: made from info, then labels and inventory, then the status; only what differs. A resource that said all that is
/// known is not held any more: when something else comes to be known it is read again first.
/// </summary>
internal sealed class DeviceWriter(FleetState state, DeviceReconciler devices)
{
    private long answers;

    private TimeSpan Clock => TimeSpan.FromTicks(state.Now.UtcTicks);

    /// <summary>How many answers to writes have come: a list that began before an answer need not have what it told of. By this count, and not by versions, of which a store promises no order.</summary>
    public long Answers => answers;

    /// <summary>The write that a device's resource needs, or the question that comes before it; null for none.</summary>
    public FleetEffect? Write(DeviceId id)
    {
        if (!state.Devices.TryGetValue(id, out var entry))
        {
            return null;
        }

        if (!entry.IsStored)
        {
            return entry.Inventory is { } told ? new FleetEffect.CreateDevice(id, New(id, entry, told)) : null;
        }

        if (entry.IsDeleting)
        {
            return entry is not { HasFinalizer: true, IsOffBus: true } ? null
                : entry.Resource is { } deleted ? new FleetEffect.PatchDeviceFinalizers(id, Released(deleted))
                : new FleetEffect.ReadDevice(id);
        }

        var isReachable = state.Reachability.IsReachable(id);
        if (entry.Resource is not { } present)
        {
            var facts = state.Prints.Of(entry, isReachable);
            if (facts != entry.Settled || IsProgressDue(entry))
            {
                return MayWrite(entry) ? new FleetEffect.ReadDevice(id) : null;
            }

            Settle(entry, facts);
            return null;
        }

        var labels = entry.Projected.WithIdentity(id);
        if (!entry.HasFinalizer || !labels.IsSameAs(present.Metadata.Labels) || (entry.Inventory is not null && state.Prints.Of(present.Spec.Inventory) != entry.InventoryPrint))
        {
            return Paced(entry, new FleetEffect.UpdateDevice(id, Main(present, entry, labels)));
        }

        var stored = present.Status ?? new();
        isReachable = isReachable || IsUntold(entry, stored);
        var status = StatusAfter(stored, entry, isReachable);
        if (status is not null || IsProgressDue(entry))
        {
            var patch = Paced(entry, new FleetEffect.PatchDeviceStatus(id, present with { Status = (status ?? stored) with { Taken = entry.News.Progress } }));
            if (patch is not null)
            {
                PutOff(entry);
            }

            return patch;
        }

        Settle(entry, state.Prints.Of(entry, isReachable));
        return null;
    }

    // It fell silent before, and the store was away: what it says meanwhile is heard first.
    private bool IsUntold(DeviceEntry entry, DeviceStatus stored)
    {
        var isUntold = !state.Reachability.Hears && entry.Trouble.Outdated is null && stored.Conditions.Of(ConditionTypes.Reachable) is { Status: ConditionStatus.True };
        if (isUntold)
        {
            state.SilentUntold.Add(entry.Id);
        }

        return isUntold;
    }

    /// <summary>Whether a device's resource may be written already; where it may not, it is looked at again when it may.</summary>
    private bool MayWrite(DeviceEntry entry)
    {
        var wait = entry.Writes.Wait(state.Options.WritesPerDevice, 1, Clock);
        if (wait > TimeSpan.Zero)
        {
            state.DeviceWrites.AddAt(entry.Id, state.Now + wait);
        }

        return wait <= TimeSpan.Zero;
    }

    private FleetEffect? Paced(DeviceEntry entry, FleetEffect write)
    {
        if (!MayWrite(entry))
        {
            return null;
        }

        entry.Writes = entry.Writes.Take(state.Options.WritesPerDevice, 1, Clock).Next;
        return write;
    }

    private bool IsProgressDue(DeviceEntry entry) => entry.News.IsUnstored && entry.ProgressDue <= state.Now;

    private void Settle(DeviceEntry entry, Fingerprint facts)
    {
        PutOff(entry);
        entry.Settle(facts);
    }

    // A time that has come is over once it was looked at: the next one is set here, or with the next document that the store does not know.
    private void PutOff(DeviceEntry entry)
    {
        if (entry.ProgressDue <= state.Now)
        {
            entry.ProgressDue = entry.News.IsUnstored ? state.Now + state.Options.ProgressInterval : null;
            if (entry.ProgressDue is not null)
            {
                state.ProgressTimers.Add(entry);
            }
        }
    }

    /// <summary>Writes how far devices were heard, where that is due. Each that speaks has one time at which it is looked at.</summary>
    public void Tick()
    {
        while (state.ProgressTimers.TryTake(state.Now, out var id))
        {
            state.DeviceWrites.Add(id);
        }
    }

    /// <summary>What became of a write.</summary>
    /// <returns>Whether it need not be tried again.</returns>
    public bool Finish(DeviceId id, EffectResult result)
    {
        switch (result)
        {
            case EffectResult.DeviceStored { Resource: var resource }:
                // Where it is another version than before, seeing it makes it be looked at again.
                devices.SeeAnswer(id, resource, ++answers);
                return true;
            case EffectResult.Failed when state.Devices.TryGetValue(id, out var entry):
                entry.Doubt();
                return false;
            case EffectResult.Refused refused:
                state.Tell(new FleetNotice.WriteRefused($"{ResourceTypes.Devices.Kind} {id}", refused.Reason));
                return true;
            default:
                return result is EffectResult.Done;
        }
    }

    private static Device Main(Device present, DeviceEntry entry, LabelSet labels) => present with
    {
        Metadata = present.Metadata with { Labels = labels.ToDictionary(), Finalizers = entry.HasFinalizer ? present.Metadata.Finalizers : present.Metadata.Finalizers.Add(ApiGroup.BusFinalizer) },
        Spec = present.Spec with { Inventory = entry.Inventory ?? present.Spec.Inventory },
    };

    /// <summary>The status that should stand instead of <paramref name="present"/>; null where that says all.</summary>
    private DeviceStatus? StatusAfter(DeviceStatus present, DeviceEntry entry, bool isReachable)
    {
        var lastSeen = isReachable ? null : Latest(entry.LastSeen, present.LastSeen);
        var conditions = DeviceConditions.Next(present.Conditions, entry, isReachable, state.Now);
        if (conditions == present.Conditions && lastSeen == present.LastSeen && entry.AgentVersion == present.AgentVersion && entry.Reported.IsSameAs(present.ReportedLabels))
        {
            return null;
        }

        return new() { ReportedLabels = entry.Reported.ToDictionary(), AgentVersion = entry.AgentVersion, Taken = present.Taken, LastSeen = lastSeen, Conditions = conditions };
    }

    private static DateTimeOffset? Latest(DateTimeOffset? heard, DateTimeOffset? stored) => stored is null || heard > stored ? heard : stored;

    private static Device Released(Device device) =>
        device with { Metadata = device.Metadata with { Finalizers = device.Metadata.Finalizers.Remove(ApiGroup.BusFinalizer, StringComparer.Ordinal) } };

    private static Device New(DeviceId id, DeviceEntry entry, Inventory inventory) => new()
    {
        Metadata = new() { Name = id.Value, Labels = entry.Reported.WithIdentity(id).ToDictionary(), Finalizers = [ApiGroup.BusFinalizer] },
        Spec = new() { Inventory = inventory },
    };
}
