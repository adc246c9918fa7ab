using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Core.Engine;

/// <summary>The devices by the time at which the store is to know how far they were heard. A hundred thousand have one at any time.</summary>
internal sealed class DeviceTimers
{
    private readonly PriorityQueue<DeviceEntry, long> due = new();

    /// <summary>One that has a time now.</summary>
    public void Add(DeviceEntry entry) => due.Enqueue(entry, entry.ProgressDue!.Value.UtcTicks);

    /// <summary>Takes one whose time has come.</summary>
    public bool TryTake(DateTimeOffset now, out DeviceId id)
    {
        while (due.TryPeek(out var entry, out var at) && at <= now.UtcTicks)
        {
            due.Dequeue();
            if (entry.ProgressDue?.UtcTicks == at)
            {
                id = entry.Id;
                return true;
            }
        }

        id = default;
        return false;
    }
}
