using System.Collections.Concurrent;
using System.Diagnostics;

namespace Harmony.Fleet.Tests.Harness;

/// <summary>
/// Starts processes from one thread that lives as long as the test process. <c>setpriv --pdeathsig</c> needs that: the kernel sends the
/// signal when the thread that forked ends, and threads of the pool come and go.
/// </summary>
public static class Spawner
{
    private static readonly BlockingCollection<Action> Work = Begin();

    /// <summary>Starts <paramref name="start"/>.</summary>
    public static Task<Process> StartAsync(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start."));
            }
            catch (Exception problem)
            {
                started.SetException(problem);
            }
        });
        return started.Task;
    }

    private static BlockingCollection<Action> Begin()
    {
        var work = new BlockingCollection<Action>(boundedCapacity: 1024);
        var thread = new Thread(() =>
        {
            foreach (var action in work.GetConsumingEnumerable())
            {
                action();
            }
        })
        {
            IsBackground = true,
            Name = "process spawner",
        };
        thread.Start();
        return work;
    }
}
