using System.Diagnostics;

namespace Harmony.Fleet.Bench.Nats;

/// <summary>What some work took.</summary>
/// <param name="Seconds">Of the clock.</param>
/// <param name="Processor">Seconds of processor time of this process, which other programs disturb less.</param>
internal readonly record struct Measured(double Seconds, double Processor);

/// <summary>How work is run and timed, alike for every client.</summary>
internal static class Running
{
    /// <summary>How long it takes, and how much of the processor.</summary>
    public static async Task<Measured> TimeAsync(Func<Task> work)
    {
        var (start, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        await work();
        return new(Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
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
