using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Processes;

namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>Ends the process that runs a stack: asks it to, waits as long as its containers may take, and no longer than that for anything else.</summary>
/// <param name="documents">What the stack says of itself.</param>
/// <param name="supervisor">The process.</param>
/// <param name="time">The clock.</param>
internal sealed class StackEnding(StackFiles documents, ProcessIdentity supervisor, TimeProvider time)
{
    /// <summary>How long a stack may take to end, beside its containers, before it is killed.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    /// <summary>The same where somebody is in a hurry.</summary>
    public static readonly TimeSpan HurriedLimit = TimeSpan.FromSeconds(30);

    /// <summary>How long somebody in a hurry waits until it says that it ends.</summary>
    public static readonly TimeSpan HurriedSilence = TimeSpan.FromSeconds(5);

    /// <summary>How long it may be silent before that is told.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>How long the kernel may take to end what was killed: one that waits for a disk it cannot end.</summary>
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Ends it.</summary>
    /// <returns>How it went; or why it is still there.</returns>
    public async Task<Outcome<StopResult>> RunAsync(bool now, IProgress<StopNews>? progress, CancellationToken cancellationToken)
    {
        // One that is stopped (SIGSTOP, Ctrl-Z) hears nothing until it goes on: as systemd does it.
        Signals.Send(supervisor.Pid, Signal.Terminate);
        Signals.Send(supervisor.Pid, Signal.Continue);
        var began = time.GetUtcNow();
        var heard = began;
        while (supervisor.IsAlive)
        {
            var said = (await documents.StateAsync(cancellationToken)).Value is { } state && state.Supervisor == supervisor ? state : null;
            var isStopped = supervisor.IsStopped;
            var isSilent = isStopped || said is not { Phase: StackPhase.Stopping };
            heard = isSilent ? heard : time.GetUtcNow();
            var limit = isSilent ? heard + (now ? HurriedSilence : Limit) : now ? began + HurriedLimit : After(said!.EndsBy ?? began, Limit);
            if (isSilent && time.GetUtcNow() - heard > Patience)
            {
                progress?.Report(new StopNews.Silent(supervisor.Pid, isStopped, limit));
            }
            else if (said is { EndsBy: { } told })
            {
                progress?.Report(new StopNews.Containers(said.Stopping, told));
            }

            if (time.GetUtcNow() > limit)
            {
                return await KillAsync(cancellationToken);
            }

            await Task.Delay(Poll, time, cancellationToken);
        }

        return StopResult.Ended;
    }

    private static DateTimeOffset After(DateTimeOffset at, TimeSpan span) => at < DateTimeOffset.MaxValue - span ? at + span : DateTimeOffset.MaxValue;

    private async Task<Outcome<StopResult>> KillAsync(CancellationToken cancellationToken)
    {
        // Its children end with it: the kernel sees to that.
        Signals.Send(supervisor.Pid, Signal.Kill);
        for (var began = time.GetTimestamp(); supervisor.IsAlive; await Task.Delay(Poll, time, cancellationToken))
        {
            if (time.GetElapsedTime(began) > KillLimit)
            {
                return new Fault(FaultKind.TimedOut, $"process {supervisor.Pid}, which runs the fleet, was killed and does not end", $"see what it waits for in /proc/{supervisor.Pid}/stack, for example a disk that does not answer");
            }
        }

        return StopResult.Killed;
    }
}
