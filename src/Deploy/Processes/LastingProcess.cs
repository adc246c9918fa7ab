using System.Diagnostics;

namespace Harmony.Fleet.Deploy.Processes;

/// <summary>
/// A process in a session of its own (a terminal's Ctrl-C does not reach it), its output brought to its log, that is tied to the life of this one.
/// The kernel ties it to the *thread* that started it, and threads of the pool come and go: hence each has a thread that lives as long as it.
/// </summary>
internal sealed class LastingProcess : IChild
{
    /// <summary>How long its last words may take to its log: what it started may keep its output open for ever.</summary>
    private static readonly TimeSpan LastWordsLimit = TimeSpan.FromMilliseconds(500);

    private readonly ProcessSpec spec;
    private readonly TimeProvider time;
    private readonly BoundedLog log;
    private readonly TaskCompletionSource<int> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LastingProcess(ProcessSpec spec, TimeProvider time)
    {
        this.spec = spec;
        this.time = time;
        log = new BoundedLog(spec.LogFile, spec.CountedWords, time);
    }

    /// <inheritdoc/>
    public int ProcessId => started.Task.GetAwaiter().GetResult();

    /// <inheritdoc/>
    public Task<int> Exited => exited.Task;

    /// <summary>Starts <paramref name="spec"/>; what it prints goes to the end of its log: why the one before it ended stays there to be read.</summary>
    /// <param name="spec">What is started.</param>
    /// <param name="tie">The signal that it gets when this process ends, however. With SIGKILL all that it started in its session ends when it does.</param>
    /// <param name="time">The clock of its grace.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">It could not be started.</exception>
    public static async Task<LastingProcess> StartAsync(ProcessSpec spec, Signal tie, TimeProvider time)
    {
        LogFiles.Begin(spec.LogFile);

        // Each program replaces the one before it, so that the process keeps its number.
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, WorkingDirectory = "/", RedirectStandardOutput = true };
        string[] tying = ["setpriv", "--pdeathsig", tie == Signal.Kill ? "KILL" : "TERM"];
        foreach (var word in (string[])["-c", "exec \"$@\" </dev/null 2>&1", "sh", "setsid", .. tying, spec.Program, .. spec.Arguments])
        {
            start.ArgumentList.Add(word);
        }

        foreach (var (name, value) in spec.Environment)
        {
            start.Environment[name] = value;
        }

        var process = new LastingProcess(spec, time);
        new Thread(() => process.Run(start, endsSession: tie == Signal.Kill)) { IsBackground = true, Name = spec.Name }.Start();
        await process.started.Task.ConfigureAwait(false);
        return process;
    }

    /// <summary>The last lines that it printed.</summary>
    public string[] LastWords() => log.LastWords();

    /// <summary>Asks it to end, and after its grace ends it.</summary>
    public async Task StopAsync()
    {
        if (exited.Task.IsCompleted)
        {
            return;
        }

        Signals.Send(ProcessId, Signal.Terminate);
        try
        {
            await exited.Task.WaitAsync(spec.Grace, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Signals.Send(ProcessId, Signal.Kill);
            await exited.Task.ConfigureAwait(false);
        }
    }

    private void Run(ProcessStartInfo start, bool endsSession)
    {
        try
        {
            using var process = Process.Start(start)!;
            var pumping = LogPump.CopyAsync(process.StandardOutput.BaseStream, log);
            started.SetResult(process.Id);
            process.WaitForExit();
            if (endsSession)
            {
                Signals.SendToGroup(process.Id, Signal.Kill);
            }

            pumping.Wait(LastWordsLimit);
            log.Flush();
            exited.SetResult(process.ExitCode);
        }
        catch (Exception failed) when (!started.Task.IsCompleted)
        {
            started.SetException(failed);
        }
    }
}
