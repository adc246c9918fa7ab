using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Queues;

namespace Harmony.Fleet.Core.Engine;

/// <summary>Deployments that are being deleted: each goes when no stored manifest names it any more.</summary>
internal sealed class LeavingDeployments(FleetState state)
{
    // Tickets are given in rising order: the first one that is still valid is the oldest that waits.
    private readonly Queue<(DeviceId Device, long Ticket)> unsettled = new();
    private readonly Queue<(DeploymentKey Key, long After)> leaving = new();

    // Those that manifests name of devices that are given nothing before they report, with these devices.
    private readonly Dictionary<DeploymentKey, Queue<DeviceId>> parked = [];
    private long tickets;

    /// <summary>A deployment is carried out no more. All that is not settled may still name it: right after a start these are all devices, once they are listed.</summary>
    public void Leave(DeploymentKey key)
    {
        if (state.Deployments.TryGetValue(key, out var entry) && entry.IsDeleting)
        {
            entry.LeavesAfter = tickets;
            leaving.Enqueue((key, tickets));
        }
    }

    /// <summary>All devices that may name them are known only now.</summary>
    public void LeaveAgain()
    {
        var waiting = leaving.Select(one => one.Key).ToArray();
        leaving.Clear();
        Array.ForEach(waiting, Leave);
    }

    /// <summary>What is stored for a device may not be what is wanted.</summary>
    public void Unsettle(DeviceId device, DeviceEntry entry)
    {
        if (entry.Ticket == 0)
        {
            entry.Ticket = ++tickets;
            state.Unsettled++;
            unsettled.Enqueue((device, entry.Ticket));
        }
    }

    /// <summary>What is stored for a device is what is wanted, or all that can be; or it is gone.</summary>
    public void Settle(DeviceEntry entry)
    {
        if (entry.Ticket != 0)
        {
            entry.Ticket = 0;
            state.Unsettled--;
        }
    }

    /// <summary>Looks which have left every stored manifest.</summary>
    public void Tell()
    {
        while (unsettled.TryPeek(out var first) && !(state.Devices.TryGetValue(first.Device, out var waiting) && waiting.Ticket == first.Ticket))
        {
            unsettled.Dequeue();
        }

        unsettled.TrimEmpty();
        if (!state.KnowsAll)
        {
            return;
        }

        foreach (var (key, devices) in parked)
        {
            LookAtParked(key, devices);
        }

        var oldest = unsettled.TryPeek(out var waits) ? waits.Ticket : long.MaxValue;
        while (leaving.TryPeek(out var next) && next.After < oldest)
        {
            leaving.Dequeue();
            if (state.Deployments.TryGetValue(next.Key, out var entry) && entry is { IsDeleting: true, LeavesAfter: { } after } && after == next.After && !IsParked(next.Key, entry))
            {
                (entry.HasLeft, entry.LeavesAfter) = (true, null);
                state.Finalizers.Add(next.Key);
            }
        }
    }

    // What such a device has stays stored until it has reported: nobody else's deployments wait for that.
    private bool IsParked(DeploymentKey key, DeploymentEntry entry)
    {
        var devices = new Queue<DeviceId>(state.AwaitingOlder.Where(device => IsNamedOn(device, key)).OrderBy(device => device.Value, NaturalOrder.Names));
        if (devices.Count == 0)
        {
            return false;
        }

        parked[key] = devices;
        Say(key, entry, devices);
        return true;
    }

    private void LookAtParked(DeploymentKey key, Queue<DeviceId> devices)
    {
        var count = devices.Count;
        while (devices.TryPeek(out var first) && !IsNamedOn(first, key))
        {
            devices.Dequeue();
        }

        if (!state.Deployments.TryGetValue(key, out var entry) || !entry.IsDeleting)
        {
            devices.Clear(); // It is gone by force, or another one of the name is there.
        }

        if (devices.Count == 0)
        {
            parked.Remove(key);
            Leave(key);
        }

        if (entry is not null && devices.Count != count)
        {
            Say(key, entry, devices);
        }
    }

    private bool IsNamedOn(DeviceId device, DeploymentKey key) => state.AwaitingOlder.Contains(device) && state.Removals.IsNamedOn(device, key);

    private void Say(DeploymentKey key, DeploymentEntry entry, Queue<DeviceId> devices)
    {
        entry.Awaits = devices.TryPeek(out var first) ? Awaiting(first, devices.Count - 1) : null;
        state.Statuses.Add(key);
    }

    private static Condition Awaiting(DeviceId first, int others) => new()
    {
        Type = ConditionTypes.AwaitingReport,
        Status = ConditionStatus.True,
        Reason = "OlderManifest",
        Message = $"It is being deleted, and the manifest of {first}{(others > 0 ? $" (and of {others} others at the most)" : string.Empty)} names it. "
            + $"That device is given nothing until it reports what it holds: see the conditions of the Device. Where it is gone for good: fleet delete device {first}.",
    };
}
