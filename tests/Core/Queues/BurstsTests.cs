using Harmony.Fleet.Core.Queues;

namespace Harmony.Fleet.Tests.Core.Queues;

/// <summary>What a burst took is given back once it is over, not in the midst of it, and not for the few of every day.</summary>
public sealed class BurstsTests
{
    private const int Burst = 5000;

    [Theory]
    [InlineData(Burst, 0, true)]
    [InlineData(Burst, 1, false)]
    [InlineData(10, 0, false)]
    public void TrimEmpty_GivesBack_WhatABurstTook(int count, int left, bool isTrimmed)
    {
        var (set, queue, ordered) = (new HashSet<int>(), new Queue<int>(), new PriorityQueue<int, long>());
        for (var item = 0; item < count; item++)
        {
            set.Add(item);
            queue.Enqueue(item);
            ordered.Enqueue(item, item);
        }

        for (var item = left; item < count; item++)
        {
            set.Remove(item);
            queue.Dequeue();
            ordered.Dequeue();
        }

        int[] before = [set.Capacity, queue.Capacity, ordered.Capacity];
        set.TrimEmpty();
        queue.TrimEmpty();
        ordered.TrimEmpty();

        int[] after = [set.Capacity, queue.Capacity, ordered.Capacity];
        if (isTrimmed)
        {
            after.ShouldAllBe(capacity => capacity < 100);
        }
        else
        {
            after.ShouldBe(before);
        }
    }
}
