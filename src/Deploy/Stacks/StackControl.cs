using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Files;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Deploy.SmokeTests;

namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>The stack of a data folder, from outside of the process that runs it.</summary>
public sealed class StackControl(string dataFolder, TimeProvider time)
{
    /// <summary>How long a stack may take to end, beside its containers, before it is ended.</summary>
    public static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan GrowLimit = TimeSpan.FromMinutes(3);

    private readonly StackFiles documents = new(new LocalFiles(dataFolder));

    /// <summary>What the running stack says of itself; null where none runs. A folder that is not to be told for this user's says nothing.</summary>
    public async Task<Outcome<StackState?>> StateAsync(CancellationToken cancellationToken)
    {
        // A folder of somebody else's could name any process, any server, and any file for the token that is shown to it.
        var owner = new StackMark(dataFolder).Owner();
        if (owner is not StackOwner.Fleet)
        {
            return owner is StackOwner.Unclear unclear ? unclear.Why : Outcome.Of<StackState?>(null);
        }

        return Outcome.Of(await LivingAsync(cancellationToken) is { } said && said.Folder == dataFolder ? said : null);
    }

    /// <summary>What a running stack says in the folder, be it this one's or that of a folder that was copied or moved here; null where none runs.</summary>
    internal async Task<StackState?> LivingAsync(CancellationToken cancellationToken) =>
        await documents.StateAsync(cancellationToken) is { IsOk: true, Value: { } said } && said.Supervisor.IsAlive ? said : null;

    /// <summary>How clients reach the stack; null where it is not up.</summary>
    public async Task<Outcome<StackFile?>> EndpointAsync(CancellationToken cancellationToken)
    {
        var state = await StateAsync(cancellationToken);
        return !state.IsOk ? state.Fault : state.Value is null ? Outcome.Of<StackFile?>(null) : await documents.EndpointAsync(cancellationToken);
    }

    /// <summary>Asks the operator of the running stack whether it is ready: one that hangs has a process, and does nothing.</summary>
    /// <returns>Null where it is, and where nobody knows where it would answer; else a part of a sentence.</returns>
    public async Task<string?> OperatorTroubleAsync(CancellationToken cancellationToken)
    {
        if ((await EndpointAsync(cancellationToken)).Value is not { Server: { } server, TokenFile: { } tokenFile } || !Uri.TryCreate(server, UriKind.Absolute, out var url) || !File.Exists(tokenFile))
        {
            return null;
        }

        using var patience = new CancellationTokenSource(AnswerLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        using var api = new SmokeApi(url, tokenFile);
        try
        {
            return await api.ReadyAsync(either.Token) is { } obstacle ? $"is not ready ({obstacle})" : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"does not answer within {AnswerLimit.TotalSeconds:0} s";
        }
    }

    /// <summary>Has the running stack grow to <paramref name="devices"/> devices, and waits until they stand.</summary>
    /// <returns>Null, or why they do not.</returns>
    public async Task<Fault?> GrowAsync(int devices, CancellationToken cancellationToken)
    {
        var before = await documents.WishAsync(cancellationToken);
        if (!before.IsOk)
        {
            return before.Fault;
        }

        // A number of its own, so that what was tried before and failed is tried again.
        if (before.Value is not { } present)
        {
            return Fault.Permanent($"{documents.WishPath} is missing", "restore it, or end the fleet with fleet down");
        }

        var wish = present with { Devices = devices, Request = present.Request + 1 };
        if (await documents.WriteAsync(wish, cancellationToken) is { } fault)
        {
            return fault;
        }

        var began = time.GetTimestamp();
        while (time.GetElapsedTime(began) < GrowLimit)
        {
            if ((await StateAsync(cancellationToken)).Value is not { } state)
            {
                return Fault.Permanent("the fleet ended meanwhile", "start it again with fleet up");
            }

            if (state.Phase == StackPhase.Ready && state.Wished >= devices && state.Request >= wish.Request)
            {
                return state.Fault is { } why
                    ? Fault.Permanent($"the fleet has {state.Devices} of {devices} devices ({why})", $"mend that, then run fleet up --devices {devices} again")
                    : null;
            }

            await Task.Delay(Poll, time, cancellationToken);
        }

        return new Fault(FaultKind.TimedOut, $"the fleet did not grow to {devices} devices within {GrowLimit.TotalMinutes:0} min", $"see {Path.Combine(dataFolder, StackPaths.Log)}");
    }

    /// <summary>Ends the stack where one runs, and waits until it is gone: as long as its containers may take.</summary>
    /// <param name="now">Whether containers are killed instead.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Gives up waiting; the stack goes on ending.</param>
    /// <returns>Whether one ran.</returns>
    public async Task<bool> StopAsync(bool now, IProgress<StackState>? progress, CancellationToken cancellationToken)
    {
        if ((await StateAsync(cancellationToken)).Value is not { } state)
        {
            return false;
        }

        if (now)
        {
            await documents.HurryAsync(cancellationToken);
        }

        Signals.Send(state.Supervisor.Pid, Signal.Terminate);
        await EndedAsync(state.Supervisor, progress, cancellationToken);
        return true;
    }

    /// <summary>Waits until <paramref name="supervisor"/> has ended, and ends it where it takes longer than it said.</summary>
    internal async Task EndedAsync(ProcessIdentity supervisor, IProgress<StackState>? progress, CancellationToken cancellationToken)
    {
        var limit = time.GetUtcNow() + StopLimit;
        while (supervisor.IsAlive)
        {
            if ((await documents.StateAsync(cancellationToken)).Value is { EndsBy: { } told } state && state.Supervisor == supervisor)
            {
                limit = told + StopLimit;
                progress?.Report(state);
            }

            if (time.GetUtcNow() > limit)
            {
                // Its children end with it: the kernel sees to that.
                Signals.Send(supervisor.Pid, Signal.Kill);
            }

            await Task.Delay(Poll, time, cancellationToken);
        }
    }
}
