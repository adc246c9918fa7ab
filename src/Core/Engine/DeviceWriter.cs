using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Devices;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;

namespace Harmony.Fleet.Core.Engine;

/// <summary>The Device resources: made from info, then labels and inventory, then the status; only what differs.</summary>
internal sealed class DeviceWriter(FleetState state, DeviceReconciler devices)
{
    private long answers;

    /// <summary>How many answers to writes have come: a list that began before an answer need not have what it told of. By this count, and not by versions, of which a store promises no order.</summary>
    public long Answers => answers;

    /// <summary>The write that a device's resource needs; null for none.</summary>
    public FleetEffect? Write(DeviceId id)
    {
        if (!state.Devices.TryGetValue(id, out var entry))
        {
            return null;
        }

        if (entry.Resource is not { } present)
        {
            return entry.Info is { } info ? new FleetEffect.CreateDevice(id, New(id, info)) : null;
        }

        if (entry.IsDeleting)
        {
            return entry is { HasFinalizer: true, IsOffBus: true } ? new FleetEffect.PatchDeviceFinalizers(id, Released(present)) : null;
        }

        var main = present with
        {
            Metadata = present.Metadata with { Labels = entry.Labels!.Labels, Finalizers = entry.HasFinalizer ? present.Metadata.Finalizers : present.Metadata.Finalizers.Add(ApiGroup.BusFinalizer) },
            Spec = present.Spec with { Inventory = entry.Info?.Inventory ?? present.Spec.Inventory },
        };
        if (!AreSame(main, present))
        {
            return new FleetEffect.UpdateDevice(id, main);
        }

        var status = present with { Status = Status(entry, present.Status ?? new(), state.Reachability.IsReachable(id)) };
        return AreSame(status, present) && !IsProgressDue(id, entry, present) ? null : new FleetEffect.PatchDeviceStatus(id, status with { Status = status.Status! with { Taken = entry.News.Progress } });
    }

    private bool IsProgressDue(DeviceId id, DeviceEntry entry, Device present)
    {
        if (entry.ProgressDue is not { } due || entry.News.Progress == present.Status?.Taken)
        {
            entry.ProgressDue = null;
            return false;
        }

        entry.ProgressDue = due <= state.Now ? state.Now + state.Options.ProgressInterval : due; // What comes meanwhile is written then.
        state.DeviceWrites.AddAt(id, entry.ProgressDue.Value);
        return due <= state.Now;
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
            case EffectResult.Refused refused:
                state.Tell(new FleetNotice.WriteRefused($"{ResourceTypes.Devices.Kind} {id}", refused.Reason));
                return true;
            default:
                return result is EffectResult.Done;
        }
    }

    private DeviceStatus Status(DeviceEntry entry, DeviceStatus present, bool isReachable) => new()
    {
        ReportedLabels = entry.Labels!.Reported,
        AgentVersion = entry.Info?.AgentVersion ?? present.AgentVersion,
        Taken = present.Taken,
        LastSeen = isReachable ? null : entry.LastSeen > present.LastSeen || present.LastSeen is null ? entry.LastSeen : present.LastSeen,
        Conditions = DeviceConditions.Next(present.Conditions, entry, isReachable, state.Now),
    };

    // By what would be stored: a text that is missing and one that is empty are the same there.
    private static bool AreSame(Device one, Device other) =>
        JsonSerializer.SerializeToUtf8Bytes(one, ResourceTypes.Devices.Json).AsSpan()
            .SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(other, ResourceTypes.Devices.Json));

    private static Device Released(Device device) =>
        device with { Metadata = device.Metadata with { Finalizers = device.Metadata.Finalizers.Remove(ApiGroup.BusFinalizer, StringComparer.Ordinal) } };

    private static Device New(DeviceId id, DeviceInfo info) => new()
    {
        Metadata = new() { Name = id.Value, Labels = LabelProjection.Project(id, [], info.Labels).Labels, Finalizers = [ApiGroup.BusFinalizer] },
        Spec = new() { Inventory = info.Inventory },
    };
}
