using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Core.Desired;

/// <summary>The removal of one deployment from devices: those that wait, and those from which it went of late.</summary>
internal sealed class PendingRemoval
{
    private readonly Queue<(DateTimeOffset At, DeviceId? Device, int Count)> done = [];
    private readonly Dictionary<DeviceId, (DateTimeOffset At, int Round)> latest = [];
    private DateTimeOffset last;
    private int round;

    public Dictionary<DeviceId, WaitingRemoval> Waiting { get; } = [];

    /// <summary>From how many others it was removed of late.</summary>
    public int DoneCount { get; private set; }

    public int DoneTold { get; set; }

    /// <summary>From how many of these since its last hold ended. What an operator before removed may be.</summary>
    public int DoneSinceApproval { get; private set; }

    public RecentRemovals? Recent => DoneCount == 0 ? null : new() { Count = DoneCount, At = last };

    public bool IsHeld { get; set; }

    public bool IsLost { get; set; }

    public int Told { get; set; }

    /// <summary>The number of the present hold, or of the last one; 0 for none yet.</summary>
    public long Hold { get; private set; }

    /// <summary>It was removed from a device.</summary>
    public void Remember(DeviceId device, DateTimeOffset at)
    {
        Undo(device);
        latest[device] = (at, round);
        Count(at, device, 1);
    }

    /// <summary>It was removed from so many devices, of which nobody knows any more which.</summary>
    public void RememberOthers(int count, DateTimeOffset at) => Count(at, null, count);

    /// <summary>A device from which it was removed had it again: one that changes often is one device.</summary>
    public void Undo(DeviceId device)
    {
        if (latest.Remove(device, out var before))
        {
            DoneCount--;
            DoneSinceApproval -= before.Round == round ? 1 : 0;
        }
    }

    /// <summary>What was removed so far is not of what is approved next.</summary>
    public void ForgetApproved() => (DoneSinceApproval, round) = (0, round + 1);

    /// <summary>Numbers go on beyond what an operator before told.</summary>
    public void GoOnFrom(long hold) => Hold = Math.Max(Hold, hold);

    /// <summary>It is held from now on. No approval that is there already is for that.</summary>
    /// <param name="approved">Of which hold there is an approval.</param>
    /// <param name="isTheSame">Whether an operator before held it already, and told its number.</param>
    public void BeginHold(long approved, bool isTheSame)
    {
        Hold = isTheSame && Hold > approved ? Hold : Math.Max(Hold, approved) + 1;
        ForgetApproved();
    }

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
            else if (latest.TryGetValue(device, out var known) && known.At == first.At)
            {
                latest.Remove(device);
                DoneCount--;
            }
        }
    }

    private void Count(DateTimeOffset at, DeviceId? device, int count)
    {
        done.Enqueue((at, device, count));
        (DoneCount, DoneSinceApproval, last) = (DoneCount + count, DoneSinceApproval + count, at);
    }
}

/// <summary>A device that a deployment is to be removed from.</summary>
/// <param name="Entry">What its manifest says of it.</param>
/// <param name="Generation">Of which generation a manifest that was found says so; null for one that this operator made.</param>
/// <param name="IsUnknown">Whether only the device says so, of a version that cannot be given to it.</param>
internal readonly record struct WaitingRemoval(ManifestEntry Entry, Generation? Generation, bool IsUnknown);

/// <summary>A manifest that was found, and that this operator did not make.</summary>
/// <param name="Names">The deployments that it names.</param>
/// <param name="Older">What it says of those that are wanted in another version.</param>
/// <param name="Generation">Its generation.</param>
internal sealed record FoundManifest(ImmutableArray<DeploymentKey> Names, ImmutableArray<ManifestEntry> Older, Generation Generation);
