using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Core.Desired;

/// <summary>The removal of one deployment from devices: those that wait, and those from which it went of late.</summary>
internal sealed class PendingRemoval
{
    private readonly Queue<(DateTimeOffset At, DeviceId? Device, int Count)> done = [];
    private readonly Dictionary<DeviceId, DateTimeOffset> latest = [];
    private readonly HashSet<DeviceId> unwritten = [];
    private DateTimeOffset last;
    private long lastHold;
    private long generation;

    /// <summary>The devices that wait, and whether what matched each may have been lost.</summary>
    public Dictionary<DeviceId, bool> Waiting { get; } = [];

    /// <summary>Of how many of these what matched them may have been lost.</summary>
    public int LostCount { get; private set; }

    /// <summary>From how many others it was removed of late.</summary>
    public int DoneCount { get; private set; }

    public int DoneTold { get; set; }

    /// <summary>From how many of these since its last hold ended, those counted twice that had it again meanwhile. What an operator before removed may be.</summary>
    public int DoneSinceApproval { get; private set; }

    /// <summary>From how many it is known to be removed: what was decided and not written yet, the next operator has to decide again.</summary>
    public RecentRemovals? Recent => DoneCount == unwritten.Count ? null : new() { Count = DoneCount - unwritten.Count, At = last };

    public bool IsHeld { get; set; }

    /// <summary>Whether it is held from all that wait, and not only from those of which something may have been lost.</summary>
    public bool IsWide { get; set; }

    /// <summary>From how many it is held.</summary>
    public int HeldCount => !IsHeld ? 0 : IsWide ? Waiting.Count : LostCount;

    public int Told { get; set; }

    /// <summary>The number of the present hold, or of that which was approved and is being carried out; 0 for none.</summary>
    public long Hold { get; private set; }

    /// <summary>Whether nothing waits any more, and all that was approved is carried out: its approval approves nothing else.</summary>
    public bool IsOver => Hold > 0 && !IsHeld && Waiting.Count == 0 && unwritten.Count == 0;

    /// <summary>It is to be removed from a device, of which something may have been lost.</summary>
    public void Wait(DeviceId device, bool isLost)
    {
        LostCount += (isLost ? 1 : 0) - (Waiting.GetValueOrDefault(device) ? 1 : 0);
        Waiting[device] = isLost;
    }

    /// <summary>It is not to be removed from a device any more.</summary>
    /// <returns>Whether it was to be.</returns>
    public bool Take(DeviceId device)
    {
        if (!Waiting.Remove(device, out var wasLost))
        {
            return false;
        }

        LostCount -= wasLost ? 1 : 0;
        IsWide &= Waiting.Count > 0;
        IsHeld &= IsWide || LostCount > 0;
        return true;
    }

    /// <summary>Whether its removal from a device is held.</summary>
    public bool Holds(DeviceId device) => IsHeld && Waiting.TryGetValue(device, out var isLost) && (IsWide || isLost);

    /// <summary>It is removed from a device, which is yet to be written.</summary>
    public void Remember(DeviceId device, DateTimeOffset at)
    {
        Undo(device);
        latest[device] = at;
        unwritten.Add(device);
        Count(at, device, 1);
    }

    /// <summary>The manifest of a device that names it no more is stored.</summary>
    /// <returns>Whether it was removed from that device, and not known to be.</returns>
    public bool Confirm(DeviceId device) => unwritten.Remove(device);

    /// <summary>It was removed from so many devices, of which nobody knows any more which.</summary>
    public void RememberOthers(int count, DateTimeOffset at) => Count(at, null, count);

    /// <summary>A device from which it was removed had it again: one that changes often is one device.</summary>
    public void Undo(DeviceId device)
    {
        if (latest.Remove(device))
        {
            unwritten.Remove(device);
            DoneCount--;
        }
    }

    /// <summary>What was removed so far is not of what is approved next.</summary>
    public void ForgetApproved() => DoneSinceApproval = 0;

    /// <summary>Numbers go on beyond what an operator before told.</summary>
    public void GoOnFrom(long hold) => lastHold = Math.Max(lastHold, hold);

    /// <summary>An operator before held it by this number; it may have been approved since.</summary>
    public void Resume(long hold) => Hold = Hold == 0 ? hold : Hold;

    /// <summary>It is held from now on, or another generation of it is. No approval that is there already is for that.</summary>
    /// <param name="present">Of which generation.</param>
    /// <param name="approved">Of which hold there is an approval.</param>
    /// <param name="isTheSame">Whether an operator before held it already, and told its number.</param>
    public void BeginHold(long present, long approved, bool isTheSame)
    {
        var isKept = Hold != approved && (generation == present || (isTheSame && Hold > 0));
        lastHold = Math.Max(Math.Max(lastHold, Hold), approved > ApprovedRemoval.MaxTold ? 0 : approved);
        (Hold, generation) = (isKept ? Hold : ++lastHold, present);
        ForgetApproved();
    }

    /// <summary>Whether what is held is of this generation; 0 for one that is not known.</summary>
    public bool IsOf(long present) => present == 0 || generation == present;

    /// <summary>It is over: the next one has another number.</summary>
    public void End() => (lastHold, Hold, generation) = (Math.Max(lastHold, Hold), 0, 0);

    /// <summary>What was removed before counts no more.</summary>
    public void Forget(DateTimeOffset before)
    {
        while (done.TryPeek(out var first) && first.At < before)
        {
            done.Dequeue();
            if (first.Device is not { } device)
            {
                DoneCount -= first.Count;
            }
            else if (latest.TryGetValue(device, out var known) && known == first.At)
            {
                Undo(device);
            }
        }
    }

    private void Count(DateTimeOffset at, DeviceId? device, int count)
    {
        done.Enqueue((at, device, count));
        (DoneCount, DoneSinceApproval, last) = (DoneCount + count, DoneSinceApproval + count, at);
    }
}
