namespace Harmony.Fleet.Core.Queues;

/// <summary>Gives back what a burst took: after a start all devices have gone through each queue, and few do at any later time.</summary>
internal static class Bursts
{
    private const int Usual = 1024;

    /// <summary>Trims <paramref name="set"/> where it is empty and large.</summary>
    public static void TrimEmpty<T>(this HashSet<T> set)
    {
        if (set.Count == 0 && set.Capacity > Usual)
        {
            set.TrimExcess();
        }
    }

    /// <summary>Trims <paramref name="queue"/> where it is empty and large.</summary>
    public static void TrimEmpty<T>(this Queue<T> queue)
    {
        if (queue.Count == 0 && queue.Capacity > Usual)
        {
            queue.TrimExcess();
        }
    }

    /// <summary>Trims <paramref name="queue"/> where it is empty and large.</summary>
    public static void TrimEmpty<T>(this PriorityQueue<T, long> queue)
    {
        if (queue.Count == 0 && queue.Capacity > Usual)
        {
            queue.TrimExcess();
        }
    }
}
