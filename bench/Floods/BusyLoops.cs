using System.Diagnostics;

namespace Harmony.Fleet.Bench.Floods;

/// <summary>Takes so much processor and touches nothing else: the yardstick for a flood whose clients run on the machine that they flood.</summary>
internal static class BusyLoops
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(2);

    /// <summary>Burns until its input ends.</summary>
    /// <param name="processors">How many processors it takes together; on the average, where it gets them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<int> BurnAsync(double processors, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Thread[] threads = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() => Burn(processors, over.Token)))];
        Array.ForEach(threads, thread => thread.Start());
        await Console.In.ReadToEndAsync(cancellationToken);
        await over.CancelAsync();
        Array.ForEach(threads, thread => thread.Join());
        return 0;
    }

    /// <summary>Where others have the processors it waits for its turn like them: what is burnt is counted by the kernel, over all threads.</summary>
    private static void Burn(double processors, CancellationToken over)
    {
        for (var began = Stopwatch.GetTimestamp(); !over.IsCancellationRequested;)
        {
            if (Environment.CpuUsage.TotalTime > Stopwatch.GetElapsedTime(began) * processors)
            {
                over.WaitHandle.WaitOne(Turn);
                continue;
            }

            for (var turn = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(turn) < Turn;)
            {
            }
        }
    }
}
