using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Deploy.Processes;

/// <summary>Keeps one process running until it is stopped.</summary>
internal sealed class SupervisedProcess : IRunningProcess, IAsyncDisposable
{
    private static readonly TimeSpan LogLook = TimeSpan.FromSeconds(30);

    private readonly ProcessStarter starter;
    private readonly RestartBackoff backoff;
    private readonly TimeProvider time;
    private readonly Action<string> say;
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock telling = new();
    private Process current;
    private Task watching = Task.CompletedTask;
    private int exits;
    private DateTimeOffset upSince;
    private DateTimeOffset? downSince;

    private SupervisedProcess(ProcessSpec spec, Process first, ProcessStarter starter, RestartBackoff backoff, TimeProvider time, Action<string> say)
    {
        Spec = spec;
        current = first;
        upSince = time.GetUtcNow();
        this.starter = starter;
        this.backoff = backoff;
        this.time = time;
        this.say = say;
    }

    /// <inheritdoc/>
    public ProcessSpec Spec { get; private set; }

    /// <inheritdoc/>
    public int Exits => Volatile.Read(ref exits);

    /// <summary>The number of the present process.</summary>
    public int Pid => Volatile.Read(ref current).Id;

    /// <summary>How it is.</summary>
    public StackPart Part()
    {
        lock (telling)
        {
            return new() { Name = Spec.Name, Process = downSince is null ? ProcessIdentity.Of(current.Id) : null, Since = downSince ?? upSince, Restarts = exits, LogFile = Spec.LogFile };
        }
    }

    /// <summary>Starts <paramref name="spec"/> and watches over it; <paramref name="say"/> is told when it ends and starts again.</summary>
    public static async Task<Outcome<SupervisedProcess>> StartAsync(
        ProcessSpec spec, ProcessStarter starter, RestartBackoff backoff, TimeProvider time, Action<string> say)
    {
        try
        {
            LogFiles.Rotate(spec.LogFile);
            var supervised = new SupervisedProcess(spec, await starter.StartAsync(spec), starter, backoff, time, say);
            supervised.watching = supervised.WatchAsync();
            return supervised;
        }
        catch (Exception exception) when (exception is Win32Exception or IOException or UnauthorizedAccessException)
        {
            return Fault.Permanent($"{spec.Name} could not be started ({exception.Message.TrimEnd('.')})", $"check {spec.Program}");
        }
    }

    /// <summary>Has it read its configuration again where <paramref name="revision"/> is another one.</summary>
    public void Reload(string revision)
    {
        if (!string.Equals(Spec.Revision, revision, StringComparison.Ordinal))
        {
            Spec = Spec with { Revision = revision };
            Signals.Send(Pid, Signal.Hangup);
        }
    }

    /// <inheritdoc/>
    public string LastWords() => LogFiles.LastLine(Spec.LogFile);

    /// <summary>Ends the process and everything that it started in its session; waits until it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await watching;
        await EndAsync(current);
        current.Dispose();
        stopping.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            var began = time.GetTimestamp();
            await ExitAsync();
            if (stopping.IsCancellationRequested)
            {
                return;
            }

            lock (telling)
            {
                exits++;
                downSince = time.GetUtcNow();
            }

            Signals.SendToGroup(current.Id, Signal.Kill);
            var wait = backoff.Next(time.GetElapsedTime(began));
            say($"{Spec.Name} ended with {Describe(current.ExitCode)}; starting it again in {Seconds(wait)} s (its log: {Spec.LogFile})");
            await RestartAsync(wait);
        }
    }

    /// <summary>Waits for the end of the process, or of its supervision; its log does not grow without end meanwhile.</summary>
    private async Task ExitAsync()
    {
        var exit = current.WaitForExitAsync(stopping.Token);
        while (await Task.WhenAny(exit, Task.Delay(LogLook, time, CancellationToken.None)) != exit)
        {
            LogFiles.RotateUnderWriter(Spec.LogFile);
        }
    }

    private async Task RestartAsync(TimeSpan wait)
    {
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(wait, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopping.IsCancellationRequested)
            {
                return;
            }

            try
            {
                LogFiles.RotateUnderWriter(Spec.LogFile);
                var next = await starter.StartAsync(Spec);
                lock (telling)
                {
                    Interlocked.Exchange(ref current, next).Dispose();
                    (upSince, downSince) = (time.GetUtcNow(), null);
                }

                return;
            }
            catch (Win32Exception exception)
            {
                wait = backoff.Next(TimeSpan.Zero);
                say($"{Spec.Name} could not be started again ({exception.Message.TrimEnd('.')}); next try in {Seconds(wait)} s");
            }
        }
    }

    private async Task EndAsync(Process process)
    {
        if (!process.HasExited)
        {
            Signals.Send(process.Id, Signal.Terminate);
            using var patience = new CancellationTokenSource(Spec.Grace, time);
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        else if (downSince is not null)
        {
            return; // Its group was ended when that was seen; by now the number may be another's.
        }

        // Helpers that it left in its session go too; the process itself where it did not listen.
        Signals.SendToGroup(process.Id, Signal.Kill);
        await process.WaitForExitAsync(CancellationToken.None);
    }

    private static string Describe(int exitCode) =>
        exitCode > 128 ? $"signal {(exitCode - 128).ToString(CultureInfo.InvariantCulture)}" : $"exit code {exitCode.ToString(CultureInfo.InvariantCulture)}";

    private static string Seconds(TimeSpan wait) => wait.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
}
