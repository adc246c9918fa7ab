using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Operator.Control.Informers;

/// <summary>
/// Which revision of each key of a bucket was read last, so that what is read again is known without being verified and parsed. Eight bytes a key: half of them tell the key,
/// half the revision and the time at which the server took it. Two keys that are told by the same bits are read anew each time, and forgotten together. For several threads.
/// </summary>
internal sealed class SeenDocuments
{
    private const int Least = 1024;
    private readonly Lock owned = new();
    private ulong[] slots = new ulong[Least];
    private int count;

    /// <summary>Whether <paramref name="entry"/> is what was last seen of its key; it is from now on.</summary>
    public bool IsKnown(BucketEntry entry)
    {
        var tag = TagOf(entry.Key);
        var seen = ((ulong)tag << 32) | Math.Max(1, (uint)HashCode.Combine(entry.Revision, entry.Created, entry.IsDeleted));
        lock (owned)
        {
            ref var slot = ref SlotOf(slots, tag);
            var isKnown = slot == seen;
            if (slot == 0 && 4 * ++count > 3 * slots.Length)
            {
                Grow();
                slot = ref SlotOf(slots, tag);
            }

            slot = seen;
            return isKnown;
        }
    }

    /// <summary>What was seen of <paramref name="key"/> counts no more.</summary>
    public void Forget(string key)
    {
        var tag = TagOf(key);
        lock (owned)
        {
            ref var slot = ref SlotOf(slots, tag);
            slot = slot == 0 ? 0 : (ulong)tag << 32;
        }
    }

    /// <summary>Nothing is known: the bucket may be another one.</summary>
    public void Clear()
    {
        lock (owned)
        {
            (slots, count) = (new ulong[Least], 0);
        }
    }

    private static uint TagOf(string key) => Math.Max(1, (uint)key.GetHashCode(StringComparison.Ordinal));

    private static ref ulong SlotOf(ulong[] slots, uint tag)
    {
        var at = (int)(tag & (uint)(slots.Length - 1));
        while (slots[at] != 0 && slots[at] >> 32 != tag)
        {
            at = (at + 1) & (slots.Length - 1);
        }

        return ref slots[at];
    }

    private void Grow()
    {
        var larger = new ulong[2 * slots.Length];
        foreach (var seen in slots)
        {
            if (seen != 0)
            {
                SlotOf(larger, (uint)(seen >> 32)) = seen;
            }
        }

        slots = larger;
    }
}
