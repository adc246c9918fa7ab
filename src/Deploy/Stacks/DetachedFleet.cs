using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Files;
using Harmony.Fleet.Deploy.Processes;

namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>A fleet whose supervisor goes on in the background when the one who asked for it ends.</summary>
public sealed class DetachedFleet(string dataFolder, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan OthersLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(500);

    private readonly LocalFiles files = new(dataFolder);

    /// <summary>Waits until nobody else starts the fleet in the background: then it stands, or may be started.</summary>
    /// <param name="waits">Told once where somebody does.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>What keeps others from starting it until it is disposed of; or why the fleet may not be started from the folder.</returns>
    public async Task<Outcome<IDisposable>> TurnAsync(Action waits, CancellationToken cancellationToken)
    {
        if (Refusal() is { } refusal)
        {
            return refusal;
        }

        var began = time.GetTimestamp();
        for (var isFirst = true; time.GetElapsedTime(began) < OthersLimit; isFirst = false)
        {
            var taken = await StackLock.TakeStartAsync(files, cancellationToken);
            if (taken.Fault?.Kind != FaultKind.Conflict)
            {
                return taken.IsOk ? taken.Value : taken.Fault;
            }

            if (isFirst)
            {
                waits();
            }

            await Task.Delay(Poll, time, cancellationToken);
        }

        return new Fault(FaultKind.TimedOut, $"somebody else starts the fleet of {dataFolder}, which did not come up within {OthersLimit.TotalMinutes:0} min", $"see {files.PathOf(StackPaths.Log)}");
    }

    /// <summary>
    /// Starts <paramref name="command"/> in a session and a folder of its own, with <paramref name="environment"/> beside this process's, and waits until its
    /// fleet stands. What it says is passed on meanwhile.
    /// </summary>
    /// <returns>Null when the fleet stands; its exit code when it ended instead; or why it could not even be started.</returns>
    public async Task<Outcome<int?>> StartAsync(
        IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, Action<string> say, CancellationToken cancellationToken)
    {
        if ((await MarkAsync(cancellationToken) ?? await files.EnsureFolderAsync("logs", cancellationToken)) is { } fault)
        {
            return fault;
        }

        var log = files.PathOf(StackPaths.Log);
        LogFiles.Rotate(log);
        var reader = new LogTail(log);
        try
        {
            using var process = Spawn(command, environment, log);
            return Outcome.Of(await FollowAsync(process, reader, say, cancellationToken));
        }
        catch (Win32Exception exception)
        {
            return Fault.Permanent($"{command[0]} could not be started ({exception.Message})", "build it again: call the launcher, fleet, at the top of the repository");
        }
    }

    /// <summary>The log is in the folder, so that the folder must be known as the fleet's before there is one.</summary>
    private async Task<Fault?> MarkAsync(CancellationToken cancellationToken)
    {
        if (Refusal() is { } refusal)
        {
            return refusal;
        }

        var held = await StackLock.TakeAsync(files, cancellationToken);
        if (!held.IsOk)
        {
            return held.Fault;
        }

        using (held.Value)
        {
            return await new StackMark(dataFolder).SetAsync(cancellationToken);
        }
    }

    private Fault? Refusal() => new StackLeftovers(dataFolder, time).Conflict() ?? new StackMark(dataFolder).Refusal();

    private static Process Spawn(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, string log)
    {
        var start = new ProcessStartInfo("setsid") { UseShellExecute = false, WorkingDirectory = "/" };
        foreach (var word in (string[])["/bin/sh", "-c", "exec \"$@\" >> \"$0\" 2>&1 < /dev/null", log, .. command])
        {
            start.ArgumentList.Add(word);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException("setsid was not started.");
    }

    private async Task<int?> FollowAsync(Process process, LogTail log, Action<string> say, CancellationToken cancellationToken)
    {
        var control = new StackControl(dataFolder, time);
        try
        {
            while (!process.HasExited)
            {
                log.PassOn(say);
                if ((await control.StateAsync(cancellationToken)).Value is { Phase: StackPhase.Ready } state && state.Supervisor.Pid == process.Id)
                {
                    await LastWordsAsync(log, say, cancellationToken);
                    return null;
                }

                await Task.Delay(Poll, time, cancellationToken);
            }

            log.PassOn(say);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            if (ProcessIdentity.Of(process.Id) is { } supervisor)
            {
                await control.StopAsync(supervisor);
            }

            Signals.SendToGroup(process.Id, Signal.Kill);
            throw;
        }
    }

    /// <summary>Once its fleet stands, the process says what can be done with it: that is waited for until it is quiet.</summary>
    private async Task LastWordsAsync(LogTail log, Action<string> say, CancellationToken cancellationToken)
    {
        for (var quiet = TimeSpan.Zero; quiet < Quiet; quiet = log.PassOn(say) ? TimeSpan.Zero : quiet + Poll)
        {
            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    /// <summary>Reads on in a log where it was left.</summary>
    private sealed class LogTail
    {
        private readonly string path;
        private long position;

        public LogTail(string path)
        {
            this.path = path;
            position = File.Exists(path) ? new FileInfo(path).Length : 0;
        }

        /// <summary>Passes whole lines on. True when there were some.</summary>
        public bool PassOn(Action<string> say)
        {
            if (!File.Exists(path))
            {
                return false;
            }

            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            position = Math.Min(position, file.Length); // One that was just begun anew.
            file.Seek(position, SeekOrigin.Begin);
            var bytes = new byte[Math.Min(Math.Max(0, file.Length - position), LocalFiles.MaxBytes)];
            var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            var end = bytes.AsSpan(0, read).LastIndexOf((byte)'\n') + 1;
            position += end;
            foreach (var line in Encoding.UTF8.GetString(bytes, 0, end).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                say(line);
            }

            return end > 0;
        }
    }
}
