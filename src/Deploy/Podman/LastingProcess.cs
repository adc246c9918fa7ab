using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Harmony.Fleet.Deploy.Processes;

namespace Harmony.Fleet.Deploy.Podman;

/// <summary>
/// A process in a session of its own (a terminal's Ctrl-C does not reach it) that may be tied to the life of this one. The kernel
/// ties it to the *thread* that started it, hence each has a thread that lives as long as it.
/// </summary>
internal sealed class LastingProcess
{
    private const int SignalTerm = 15;

    private readonly TaskCompletionSource<int> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LastingProcess()
    {
    }

    /// <summary>Its number.</summary>
    public int Id => started.Task.GetAwaiter().GetResult();

    /// <summary>Where in the log file its own words begin.</summary>
    public long LogStart { get; private init; }

    /// <summary>Its exit code, when it ended.</summary>
    public Task<int> Exited => exited.Task;

    /// <summary>Starts <paramref name="words"/>; what they print goes to <paramref name="logFile"/>, at its end: why the one before it ended stays there to be read.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It could not be started.</exception>
    public static async Task<LastingProcess> StartAsync(
        ImmutableArray<string> words, ImmutableArray<KeyValuePair<string, string>> environment, string logFile, bool endsWithParent)
    {
        LogFiles.Rotate(logFile);
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, WorkingDirectory = "/" };
        ImmutableArray<string> tie = endsWithParent ? ["setpriv", "--pdeathsig", "TERM"] : [];
        foreach (var word in (ImmutableArray<string>)["-c", "exec \"$@\" </dev/null >>\"$0\" 2>&1", logFile, "setsid", .. tie, .. words])
        {
            start.ArgumentList.Add(word);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = new LastingProcess { LogStart = File.Exists(logFile) ? new FileInfo(logFile).Length : 0 };
        new Thread(() => process.Run(start)) { IsBackground = true, Name = "process " + Path.GetFileName(words[0]) }.Start();
        await process.started.Task.ConfigureAwait(false);
        return process;
    }

    /// <summary>Asks it to end, and after <paramref name="grace"/> ends it.</summary>
    public async Task StopAsync(TimeSpan grace, TimeProvider time)
    {
        if (exited.Task.IsCompleted)
        {
            return;
        }

        _ = Kill(Id, SignalTerm);
        try
        {
            await exited.Task.WaitAsync(grace, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            using var process = Process.GetProcessById(Id);
            process.Kill();
            await exited.Task.ConfigureAwait(false);
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);

    private void Run(ProcessStartInfo start)
    {
        try
        {
            using var process = Process.Start(start)!;
            started.SetResult(process.Id);
            process.WaitForExit();
            exited.SetResult(process.ExitCode);
        }
        catch (Exception failed) when (!started.Task.IsCompleted)
        {
            started.SetException(failed);
        }
    }
}
