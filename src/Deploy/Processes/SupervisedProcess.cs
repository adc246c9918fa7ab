using System.ComponentModel;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Deploy.Processes;

/// <summary>A program that is kept running until it is stopped, and ends with this one whatever happens to it.</summary>
internal sealed class SupervisedProcess : IRunningProcess, IAsyncDisposable
{
    private readonly Supervisor<LastingProcess> supervisor;

    private SupervisedProcess(ProcessSpec spec, Supervisor<LastingProcess> supervisor)
    {
        Spec = spec;
        this.supervisor = supervisor;
    }

    /// <inheritdoc/>
    public ProcessSpec Spec { get; private set; }

    /// <inheritdoc/>
    public int Exits => supervisor.Exits;

    /// <summary>The number of the present process.</summary>
    public int Pid => supervisor.Current.ProcessId;

    /// <summary>How it is.</summary>
    public StackPart Part() => supervisor.Part();

    /// <summary>Starts <paramref name="spec"/> and watches over it; <paramref name="say"/> is told when it ends and starts again.</summary>
    public static async Task<Outcome<SupervisedProcess>> StartAsync(ProcessSpec spec, RestartBackoff backoff, TimeProvider time, Action<string> say)
    {
        var how = new Supervision { Name = spec.Name, LogFile = spec.LogFile, Backoff = backoff, Time = time, Say = say };
        var started = await Supervisor<LastingProcess>.StartAsync(how, _ => StartAsync(spec, time), CancellationToken.None);
        return started.IsOk ? new SupervisedProcess(spec, started.Value) : started.Fault;
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
    public ValueTask DisposeAsync() => supervisor.DisposeAsync();

    private static async Task<Outcome<LastingProcess>> StartAsync(ProcessSpec spec, TimeProvider time)
    {
        try
        {
            return await LastingProcess.StartAsync(spec, Signal.Kill, time);
        }
        catch (Exception exception) when (exception is Win32Exception or IOException or UnauthorizedAccessException)
        {
            return Fault.Permanent($"{spec.Name} could not be started ({exception.Message.TrimEnd('.')})", $"check {spec.Program}");
        }
    }
}
