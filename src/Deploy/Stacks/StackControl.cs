using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Files;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Deploy.SmokeTests;

namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>The stack of a data folder, from outside of the process that runs it.</summary>
public sealed class StackControl(string dataFolder, TimeProvider time)
{
    /// <summary>How a trouble begins that an operator tells which answers and does its work.</summary>
    public const string Says = "says ";

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan GrowLimit = TimeSpan.FromMinutes(3);

    private readonly StackFiles documents = new(new LocalFiles(dataFolder));

    /// <summary>
    /// What the running stack says of itself; null where none runs. A folder that is not to be told for this user's says nothing, and one that was
    /// moved under a running stack is a conflict.
    /// </summary>
    public async Task<Outcome<StackState?>> StateAsync(CancellationToken cancellationToken)
    {
        // A folder of somebody else's could name any process, any server, and any file for the token that is shown to it.
        var owner = new StackMark(dataFolder).Owner();
        if (owner is not StackOwner.Fleet)
        {
            return owner is StackOwner.Unclear unclear ? unclear.Why : Outcome.Of<StackState?>(null);
        }

        var said = await LivingAsync(cancellationToken);
        return said is null || said.Folder == dataFolder ? Outcome.Of(said)
            : await IsHeldAsync(cancellationToken) ? new Fault(FaultKind.Conflict, $"a fleet runs from {dataFolder} that was started in {said.Folder}", $"move the folder back to {said.Folder}, and end it there")
            : Outcome.Of<StackState?>(null);
    }

    /// <summary>Whether somebody holds the folder's lock: it was moved with the folder, and a copy's is another one.</summary>
    private async Task<bool> IsHeldAsync(CancellationToken cancellationToken)
    {
        var files = new LocalFiles(dataFolder);
        if (!File.Exists(files.PathOf(StackPaths.Lock)))
        {
            return false;
        }

        var taken = await StackLock.TakeAsync(files, cancellationToken);
        taken.Value?.Dispose();
        return taken.Fault?.Kind == FaultKind.Conflict;
    }

    /// <summary>Waits while the stack is being started by somebody else.</summary>
    /// <returns>What it says then; null where it did not come up.</returns>
    public async Task<Outcome<StackState?>> StartedAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var state = await StateAsync(cancellationToken);
        while (state.Value is { Phase: StackPhase.Starting, Supervisor.IsStopped: false } && time.GetElapsedTime(began) < StartLimit)
        {
            await Task.Delay(Poll, time, cancellationToken);
            state = await StateAsync(cancellationToken);
        }

        return state;
    }

    /// <summary>What the stack said last, though its own process may be gone; null where it ended in good order.</summary>
    public async Task<StackState?> LastWordsAsync(CancellationToken cancellationToken) =>
        new StackMark(dataFolder).Owner() is StackOwner.Fleet && (await documents.StateAsync(cancellationToken)).Value is { } said && said.Folder == dataFolder ? said : null;

    /// <summary>How many devices the stack has when it is started again; 0 where it never stood. Where <c>fleet.json</c> is damaged, and no start would take it: how.</summary>
    public async Task<Outcome<int>> KeptDevicesAsync(CancellationToken cancellationToken)
    {
        if (new StackMark(dataFolder).Owner() is not StackOwner.Fleet)
        {
            return 0;
        }

        var wish = await documents.WishAsync(cancellationToken);
        return wish.IsOk ? wish.Value?.Devices ?? 0 : wish.Fault;
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

    /// <summary>Asks the operator of the running stack whether it is ready, and how far it is: one that hangs has a process, and does nothing.</summary>
    /// <returns>Nothing of either where nobody knows where it would answer.</returns>
    public async Task<OperatorAnswer> AskOperatorAsync(CancellationToken cancellationToken)
    {
        if ((await EndpointAsync(cancellationToken)).Value is not { Server: { } server, TokenFile: { } tokenFile } || !Uri.TryCreate(server, UriKind.Absolute, out var url) || !File.Exists(tokenFile))
        {
            return OperatorAnswer.None;
        }

        using var patience = new CancellationTokenSource(AnswerLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        using var api = new SmokeApi(url, tokenFile);
        try
        {
            var trouble = await api.ReadyAsync(either.Token) is { } obstacle ? $"is not ready ({obstacle})"
                : await api.TroubleAsync(either.Token) is { } said ? Says + said.TrimEnd('.')
                : null;
            var (state, awaiting, unknown) = await api.StateAsync(either.Token);
            return new(trouble, state, awaiting, unknown);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return OperatorAnswer.None with { Trouble = $"does not answer within {AnswerLimit.TotalSeconds:0} s" };
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

        var wish = present with { Devices = devices, Request = present.Request < StackWish.MaxRequest ? present.Request + 1 : 1 };
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

            if (state.Phase == StackPhase.Ready && state.Wished >= devices && state.Request - wish.Request is >= 0 and < StackWish.MaxRequest / 2)
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
    /// <param name="now">Whether containers are killed instead, and the stack itself where it does not answer.</param>
    /// <param name="progress">Told what is waited for.</param>
    /// <param name="cancellationToken">Gives up waiting; the stack goes on ending.</param>
    /// <returns>How it went; or why it still runs.</returns>
    public async Task<Outcome<StopResult>> StopAsync(bool now, IProgress<StopNews>? progress, CancellationToken cancellationToken)
    {
        var found = await StateAsync(cancellationToken);
        if (found.Value is not { } state)
        {
            return found.IsOk ? StopResult.NoneRan : found.Fault;
        }

        if (now)
        {
            await documents.HurryAsync(cancellationToken);
        }

        return await new StackEnding(documents, state.Supervisor, time).RunAsync(now, progress, cancellationToken);
    }

    /// <summary>The same for a stack that was begun, and may say nothing yet.</summary>
    internal Task StopAsync(ProcessIdentity supervisor) => new StackEnding(documents, supervisor, time).RunAsync(now: false, null, CancellationToken.None);
}

/// <summary>What an operator says of itself.</summary>
/// <param name="Trouble">What is wrong, as a part of a sentence; null where it is ready.</param>
/// <param name="State">How far it is, in words (<c>recovering 63 %</c>); null where it does not say.</param>
/// <param name="AwaitingReport">How many devices are given nothing before they report what they hold; null where it does not say.</param>
/// <param name="UnknownDeployments">How many deployments one device alone says that it runs, by a manifest that nobody knows; null where it does not say.</param>
public sealed record OperatorAnswer(string? Trouble, string? State, int? AwaitingReport, int? UnknownDeployments)
{
    /// <summary>It was not asked, or said nothing.</summary>
    public static OperatorAnswer None { get; } = new(null, null, null, null);
}
