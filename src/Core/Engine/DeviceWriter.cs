using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Devices;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;

namespace Harmony.Fleet.Core.Engine;

/// <summary>
/// What is written into the Device resources: made from info, then labels and inventory, then the status; only what differs. A resource that said all that is
/// known is not held any more: when something else comes to be known it is read again first.
/// </summary>
internal sealed class DeviceWriter(FleetState state, DeviceReconciler devices)
{
    private readonly WriteRates rates = new(state.Options.WritesPerDevice);
    private long answers;

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
        var labels = LabelProjection.Project(id, entry.Administrators, entry.Reported);
        if (entry.Resource is not { } present)
        {
            var facts = FactsOf(entry, labels, isReachable);
            if (facts != entry.Settled || IsProgressDue(entry))
            {
                return MayWrite(id) ? new FleetEffect.ReadDevice(id) : null;
            }

            Settle(entry, facts, isAsBuilt: true);
            return null;
        }

        var isAsBuilt = PrintOf(present.Spec.Inventory) == entry.InventoryPrint;
        if (!entry.HasFinalizer || !present.Metadata.Labels.SequenceEqual(labels.Labels) || (entry.Inventory is not null && !isAsBuilt))
        {
            return Paced(id, new FleetEffect.UpdateDevice(id, Main(present, entry, labels, entry.Inventory ?? present.Spec.Inventory)));
        }

        var status = Status(entry, labels, present.Status ?? new(), isReachable, state.Now);
        if (PrintOf(status) != PrintOf(present.Status ?? new()) || IsProgressDue(entry))
        {
            var patch = Paced(id, new FleetEffect.PatchDeviceStatus(id, present with { Status = status with { Taken = entry.News.Progress } }));
            if (patch is not null)
            {
                PutOff(entry);
            }

            return patch;
        }

        Settle(entry, FactsOf(entry, labels, isReachable), isAsBuilt);
        return null;
    }

    /// <summary>Whether a device's resource may be written already; where it may not, it is looked at again when it may.</summary>
    private bool MayWrite(DeviceId id)
    {
        var wait = rates.Wait(id, state.Now);
        if (wait > TimeSpan.Zero)
        {
            state.DeviceWrites.AddAt(id, state.Now + wait);
        }

        return wait <= TimeSpan.Zero;
    }

    private FleetEffect? Paced(DeviceId id, FleetEffect write)
    {
        if (!MayWrite(id))
        {
            return null;
        }

        rates.Take(id, state.Now);
        return write;
    }

    private bool IsProgressDue(DeviceEntry entry) => entry.News.IsUnstored && entry.ProgressDue <= state.Now;

    private void Settle(DeviceEntry entry, Fingerprint facts, bool isAsBuilt)
    {
        PutOff(entry);
        entry.Settle(facts, isAsBuilt);
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
        rates.Tick(state.Now);
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

    /// <summary>All that is known of a device and belongs into its resource, whatever that says now.</summary>
    private static Fingerprint FactsOf(DeviceEntry entry, ProjectedLabels labels, bool isReachable) => Fingerprint.Of(
        $"{entry.InventoryPrint.Bits} {entry.HasInfo} {PrintOf(Status(entry, labels, new(), isReachable, DateTimeOffset.UnixEpoch)).Bits}");

    // By what would be stored: a text that is missing and one that is empty are the same there.
    private static Fingerprint PrintOf(Inventory? inventory) =>
        inventory is null ? Fingerprint.None : Fingerprint.Of(JsonSerializer.SerializeToUtf8Bytes(inventory, ContractsJson.Bus.Inventory));

    private static Fingerprint PrintOf(DeviceStatus status) =>
        Fingerprint.Of(JsonSerializer.SerializeToUtf8Bytes(new Device { Status = status }, ResourceTypes.Devices.Json));

    private static Device Main(Device present, DeviceEntry entry, ProjectedLabels labels, Inventory? inventory) => present with
    {
        Metadata = present.Metadata with { Labels = labels.Labels, Finalizers = entry.HasFinalizer ? present.Metadata.Finalizers : present.Metadata.Finalizers.Add(ApiGroup.BusFinalizer) },
        Spec = present.Spec with { Inventory = inventory },
    };

    private static DeviceStatus Status(DeviceEntry entry, ProjectedLabels labels, DeviceStatus present, bool isReachable, DateTimeOffset now) => new()
    {
        ReportedLabels = labels.Reported,
        AgentVersion = entry.AgentVersion ?? present.AgentVersion,
        Taken = present.Taken,
        LastSeen = isReachable ? null : entry.LastSeen > present.LastSeen || present.LastSeen is null ? entry.LastSeen : present.LastSeen,
        Conditions = DeviceConditions.Next(present.Conditions, entry, labels.Rejected, isReachable, now),
    };

    private static Device Released(Device device) =>
        device with { Metadata = device.Metadata with { Finalizers = device.Metadata.Finalizers.Remove(ApiGroup.BusFinalizer, StringComparer.Ordinal) } };

    private static Device New(DeviceId id, DeviceEntry entry, Inventory inventory) => new()
    {
        Metadata = new() { Name = id.Value, Labels = LabelProjection.Project(id, [], entry.Reported).Labels, Finalizers = [ApiGroup.BusFinalizer] },
        Spec = new() { Inventory = inventory },
    };
}
