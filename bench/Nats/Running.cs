using System.Diagnostics;

namespace Harmony.Fleet.Bench.Nats;

/// <summary>How work is run and timed, alike for every client.</summary>
internal static class Running
{
    /// <summary>Seconds.</summary>
    public static async Task<double> TimeAsync(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Does <paramref name="one"/> for each number, by so many tasks at once.</summary>
    public static Task InParallelAsync(int count, int tasks, Func<int, Task> one)
    {
        var next = -1;
        return Task.WhenAll(Enumerable.Range(0, tasks).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
            {
                await one(i);
            }
        })));
    }
}
