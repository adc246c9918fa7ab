using System.Collections.Concurrent;
using System.Diagnostics;

namespace Harmony.Fleet.Deploy.Processes;

/// <summary>Starts child processes from one thread that lives as long as this object.</summary>
/// <remarks>
/// The kernel sends the parent-death signal when the <em>thread</em> that forked ends, and threads of the pool come and go: a child that one
/// of them started would be killed for no reason.
/// </remarks>
internal sealed class ProcessStarter : IDisposable
{
    private const string DieWithParent = "/usr/bin/setpriv";

    private readonly BlockingCollection<Action> work = new(boundedCapacity: 64);
    private readonly Thread thread;

    public ProcessStarter()
    {
        thread = new Thread(Run) { IsBackground = true, Name = "process starter" };
        thread.Start();
    }

    /// <summary>Starts <paramref name="spec"/> in a session of its own, its output appended to its log file.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It could not be started.</exception>
    public async Task<Process> StartAsync(ProcessSpec spec)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        work.Add(() =>
        {
            try
            {
                started.SetResult(Start(spec));
            }
            catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or InvalidOperationException)
            {
                started.SetException(exception);
            }
        });
        return await started.Task;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        work.CompleteAdding();
        thread.Join();
        work.Dispose();
    }

    /// <summary>
    /// Each program replaces the one before it, so that the process keeps its number: setpriv ties its life to ours, setsid keeps the
    /// terminal's Ctrl-C from it (its supervisor decides when and in which order processes end), the shell opens the log.
    /// </summary>
    private static Process Start(ProcessSpec spec)
    {
        var info = new ProcessStartInfo(DieWithParent) { UseShellExecute = false, WorkingDirectory = "/" };
        string[] prefix = ["--pdeathsig", "KILL", "setsid", "/bin/sh", "-c", "exec \"$@\" >> \"$0\" 2>&1 < /dev/null", spec.LogFile, spec.Program];
        foreach (var argument in prefix.Concat(spec.Arguments))
        {
            info.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in spec.Environment)
        {
            info.Environment[name] = value;
        }

        return Process.Start(info) ?? throw new InvalidOperationException($"{spec.Program} was not started.");
    }

    private void Run()
    {
        foreach (var action in work.GetConsumingEnumerable())
        {
            action();
        }
    }
}
