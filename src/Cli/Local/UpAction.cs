using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Steps;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Machines;
using Harmony.Fleet.Deploy.Scores;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Cli.Local;

/// <summary><c>fleet up</c>: in the foreground until Ctrl-C, or joining a fleet that runs.</summary>
/// <param name="host">The program.</param>
/// <param name="sayLoss">Says what the store of a fleet that is up has lost.</param>
internal sealed class UpAction(CliHost host, Func<UpRequest, CancellationToken, Task> sayLoss)
{
    /// <summary>Does it.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(UpRequest request, bool detach, CancellationToken cancellationToken)
    {
        var control = new StackControl(request.DataFolder, host.Time);
        var state = await control.StateAsync(cancellationToken);
        if (!state.IsOk)
        {
            return host.Fail(DeployHints.Of(host, state.Fault));
        }

        if (state.Value is not null && !(detach && state.Value.Phase == StackPhase.Starting))
        {
            return await JoinAsync(request, control, state.Value, cancellationToken);
        }

        return detach ? await DetachAsync(request, control, cancellationToken) : await StayAsync(request, cancellationToken);
    }

    private async Task<int> StayAsync(UpRequest request, CancellationToken cancellationToken)
    {
        // From here on there are processes to end: a second Ctrl-C must not leave them behind.
        host.Interruption.MustClearUp = true;
        if (new InterruptedRestores(host, request.DataFolder).ClearUp() is { } restoring)
        {
            return host.Fail(restoring);
        }

        var news = new SwitchableNews(new PlainSteps(host.Console, host.Time));
        using var told = cancellationToken.Register(() => news.Report(DeployNews.Note("Stopping ...")));
        var fleets = new LocalFleets(host);
        var started = await StepScreens.For(host).ShowAsync(progress => fleets.StartAsync(request, news.While(progress), cancellationToken));
        news.Settle();
        if (!started.IsOk)
        {
            return host.Fail(DeployHints.Of(host, started.Fault));
        }

        await using (var fleet = started.Value)
        {
            fleets.Introduce(request, fleet.Server.Operator.Url.GetLeftPart(UriPartial.Authority), fleet.Server.Nats.Url, fleet.Devices.Length, request.Telemetry is { Prometheus: true });
            await sayLoss(request, cancellationToken);
            if (host.Console.IsErrorTerminal)
            {
                host.Console.Say("Ctrl-C ends it; its data stays.");
            }

            await fleet.RunAsync(cancellationToken);
        }

        host.Console.Say($"The fleet is down; {host.Line("up", request.DataFlag)} starts it again as it was.");
        return ExitCode.Interrupted;
    }

    private async Task<int> DetachAsync(UpRequest request, StackControl control, CancellationToken cancellationToken)
    {
        // Of several that come at the same time one starts it, and the others find it started.
        var detached = new DetachedFleet(request.DataFolder, host.Time);
        var turn = await detached.TurnAsync(() => host.Console.Say("Somebody else starts the fleet: waiting for it ..."), cancellationToken);
        if (!turn.IsOk)
        {
            return host.Fail(DeployHints.Of(host, turn.Fault));
        }

        using var mine = turn.Value;
        var state = await control.StartedAsync(cancellationToken);
        if (!state.IsOk || state.Value is not null)
        {
            return state.IsOk ? await JoinAsync(request, control, state.Value!, cancellationToken) : host.Fail(DeployHints.Of(host, state.Fault));
        }

        var outcome = await detached.StartAsync(UpArguments(request), Environment(), host.Console.Say, cancellationToken);
        if (!outcome.IsOk)
        {
            return host.Fail(DeployHints.Of(host, outcome.Fault));
        }

        if (outcome.Value is { } exitCode)
        {
            // Why was told already: its words were passed on.
            return exitCode;
        }

        host.Console.Say($"It goes on in the background: {host.Line("down", request.DataFlag)} ends it.");
        return ExitCode.Done;
    }

    /// <summary>It works in another folder, where a relative path would lead elsewhere.</summary>
    private Dictionary<string, string> Environment()
    {
        var absolute = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in (string[])[LocalPrograms.AgentVariable, LocalPrograms.HomeVariable])
        {
            if (host.Environment(name) is { Length: > 0 } path)
            {
                absolute[name] = host.FullPath(path);
            }
        }

        return absolute;
    }

    private static string[] UpArguments(UpRequest request)
    {
        // The usual folder is found as it was here, and what is said then needs no --data either.
        List<string> arguments = [Path.Combine(AppContext.BaseDirectory, "Harmony.Fleet.Cli"), "up", .. request.IsUsualFolder ? (string[])[] : ["--data", request.DataFolder]];
        void Add(string name, int? value)
        {
            if (value is { } given)
            {
                arguments.AddRange([name, $"{given}"]);
            }
        }

        Add("--devices", request.Devices);
        Add("--api-port", request.ApiPort);
        Add("--nats-port", request.NatsPort);
        Add("--nats-nodes", request.NatsNodes);
        return [.. arguments, .. request.TelemetryWords];
    }

    private async Task<int> JoinAsync(UpRequest request, StackControl control, StackState state, CancellationToken cancellationToken)
    {
        if (state.Supervisor.IsStopped)
        {
            return host.Fail(SuspendedFleet.Trouble(host, state.Supervisor.Pid));
        }

        if (state.Phase != StackPhase.Ready)
        {
            var doing = state.Phase == StackPhase.Starting ? "is being started" : "is being stopped";
            return host.Fail(new Fault(FaultKind.Conflict, $"the fleet of {request.DataFolder} {doing} by process {state.Supervisor.Pid}", "try again in a moment"));
        }

        if (request.Devices < state.Devices)
        {
            return host.Fail(new Fault(
                FaultKind.Conflict,
                $"{state.Devices} devices run already and a running fleet only grows",
                $"end it with {host.Line("down")}, then start it with --devices {request.Devices}"));
        }

        var endpoint = (await control.EndpointAsync(cancellationToken)).Value;
        if (RunningFleet.Otherwise(host, request, endpoint) is { } otherwise)
        {
            return host.Fail(otherwise);
        }

        if (request.Devices > state.Devices)
        {
            host.Console.Say($"The fleet runs already (process {state.Supervisor.Pid}); adding devices ...");
            if (await control.GrowAsync(request.Devices.Value, cancellationToken) is { } fault)
            {
                return host.Fail(DeployHints.Of(host, fault));
            }
        }
        else
        {
            host.Console.Say($"The fleet runs already (process {state.Supervisor.Pid}).");
        }

        new LocalFleets(host).Introduce(request, endpoint?.Server ?? "?", endpoint?.NatsUrl ?? "?", request.Devices ?? state.Devices, endpoint?.Telemetry is { Prometheus: true });
        await sayLoss(request, cancellationToken);
        return ExitCode.Done;
    }
}
