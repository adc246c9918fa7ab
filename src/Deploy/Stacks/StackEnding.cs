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
        // The wall clock may be set meanwhile: by it only that is read, once, which another process wrote down.
        var began = time.GetTimestamp();
        var heard = TimeSpan.Zero;
        TimeSpan? containers = null;
        DateTimeOffset? killedBy = null;
        while (supervisor.IsAlive)
        {
            var said = (await documents.StateAsync(cancellationToken)).Value is { } state && state.Supervisor == supervisor ? state : null;
            var spent = time.GetElapsedTime(began);
            var isStopped = supervisor.IsStopped;
            var isSilent = isStopped || said is not { Phase: StackPhase.Stopping };
            (heard, killedBy) = isSilent ? (heard, killedBy) : (spent, null);
            containers ??= said?.EndsBy - time.GetUtcNow() + spent;
            var limit = isSilent ? heard + (now ? HurriedSilence : Limit) : now ? HurriedLimit : (containers > TimeSpan.Zero ? containers.Value : TimeSpan.Zero) + Limit;
            if (isSilent && spent - heard > Patience)
            {
                killedBy ??= time.GetUtcNow() + (limit - spent);
                progress?.Report(new StopNews.Silent(supervisor.Pid, isStopped, killedBy.Value));
            }
            else if (said is { EndsBy: { } told })
            {
                progress?.Report(new StopNews.Containers(said.Stopping, told, said.Late));
            }

            if (spent > limit)
            {
                return await KillAsync(cancellationToken);
            }

            await Task.Delay(Poll, time, cancellationToken);
        }

        return StopResult.Ended;
    }

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
