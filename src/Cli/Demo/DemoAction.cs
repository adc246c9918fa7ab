using Harmony.Fleet.Adapters.Podman;
using Harmony.Fleet.Adapters.Podman.Http;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Local;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Cli.Steps;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Podman;
using Harmony.Fleet.Deploy.Scores;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Cli.Demo;

/// <summary><c>fleet demo</c>.</summary>
internal sealed class DemoAction(CliHost host)
{
    private static readonly Fault NoDevice = Fault.Permanent("this fleet has no device", "start the demo with --devices 1");

    /// <summary>Plays the tour, and stays until Ctrl-C; on a fleet that runs already it does not stay.</summary>
    public async Task<int> TourAsync(UpRequest request, CancellationToken cancellationToken)
    {
        var explanation = new List<string>();
        if (await FindAsync(request, cancellationToken) is { } running)
        {
            if (await OtherwiseAsync(request, cancellationToken) is { } otherwise)
            {
                return host.Fail(otherwise);
            }

            host.Console.Say("A fleet runs already: the demo plays on it.");
            var error = await StepScreens.For(host).ShowAsync(news => DeployAsync(running, request.PagePort, explanation, () => { }, news, cancellationToken));
            explanation.ForEach(host.Console.Say);
            return error is null ? ExitCode.Done : host.Fail(error);
        }

        // A container that a killed fleet left goes on, and may have the page's port already.
        if (new DemoPort(host, request.PagePort).Refusal(new StackLeftovers(request.DataFolder, host.Time).Find()) is { } busy)
        {
            return host.Fail(busy);
        }

        var (stood, isApplied) = (false, false);
        var code = await WithFleetAsync(request, (site, news) => DeployAsync(site, request.PagePort, explanation, () => isApplied = true, news, cancellationToken), StayAsync, cancellationToken);
        if (stood)
        {
            host.Console.Say("The fleet is down.");
        }

        return code;

        async Task<int> StayAsync(LocalFleet fleet, Fault? fault)
        {
            stood = true;

            // One that failed stays too: so that one can look.
            var failure = fault is null ? (int?)null : host.Fail(fault);
            foreach (var line in fault is null ? explanation : DemoTour.LookAround(host, request, isApplied))
            {
                host.Console.Say(line);
            }

            host.Console.Say("Ctrl-C ends the demo; its data stays.");
            await fleet.RunAsync(cancellationToken);
            return failure ?? ExitCode.Interrupted;
        }
    }

    /// <summary>Plays the regression on a fleet of its own, which is removed afterwards; only where it failed its data is kept.</summary>
    public async Task<int> RegressionAsync(UpRequest request, bool isTemporary, CancellationToken cancellationToken)
    {
        var isKept = false;
        Fault? left = null;
        int code;
        try
        {
            code = await WithFleetAsync(request, (site, news) => RegressAsync(site, request.PagePort, news, cancellationToken), Ended, cancellationToken);
            isKept = code != ExitCode.Done && !cancellationToken.IsCancellationRequested && Directory.Exists(request.DataFolder);
            if (isKept)
            {
                LogTails.Write(host.Console, request.DataFolder);
            }
        }
        finally
        {
            // Not to be given up half-way: what is in a temporary folder nobody else would remove.
            left = isTemporary && !isKept && await new StackRemoval(request.DataFolder).PurgeAsync(CancellationToken.None) is { } fault ? DeployHints.Of(host, fault) : null;
        }

        code = Conclude(code, left);
        if (isKept)
        {
            host.Console.Say($"Its fleet is kept, so that you can look: {host.Line("up", request.DataFlag)} starts it again, {host.Line("down --purge", request.DataFlag)} removes it.");
        }

        return code;

        Task<int> Ended(LocalFleet fleet, Fault? fault) => Task.FromResult(fault is null ? ExitCode.Done : host.Fail(fault));
    }

    /// <summary>Says how a regression went that ended with <paramref name="code"/> and left something behind, or null.</summary>
    /// <returns>The exit code: what could not be removed is a failure too.</returns>
    internal int Conclude(int code, Fault? left)
    {
        var cleared = left is null ? ExitCode.Done : host.Fail(left);
        var whole = code == ExitCode.Done ? cleared : code;
        host.Console.Say(whole == ExitCode.Done ? "The demo's regression passed." : "The demo's regression failed.");
        return whole;
    }

    /// <summary>Starts a fleet, plays on it, and ends it after <paramref name="afterwards"/>, which is told what went wrong in the play.</summary>
    /// <returns>What <paramref name="afterwards"/> returned.</returns>
    private async Task<int> WithFleetAsync(
        UpRequest request, Func<DemoSite, IProgress<DeployNews>, Task<Fault?>> play, Func<LocalFleet, Fault?, Task<int>> afterwards, CancellationToken cancellationToken)
    {
        // From here on there are processes to end: a second Ctrl-C must not leave them behind.
        host.Interruption.MustClearUp = true;
        var news = new SwitchableNews(new PlainSteps(host.Console, host.Time));
        var told = cancellationToken.Register(() => news.Report(DeployNews.Note("Stopping ...")));
        await using (told)
        {
            LocalFleet? fleet = null;
            try
            {
                var fault = await StepScreens.For(host).ShowAsync(async progress =>
                {
                    var started = await new LocalFleets(host).StartAsync(request, news.While(progress), cancellationToken);
                    fleet = started.Value;
                    return fleet is null ? DeployHints.Of(host, started.Fault!) : fleet.Devices.IsEmpty ? NoDevice : await play(Site(request, fleet), progress);
                });
                news.Settle();
                return fleet is null ? host.Fail(fault!) : await afterwards(fleet, fault);
            }
            finally
            {
                news.Settle();
                if (fleet is not null)
                {
                    await fleet.DisposeAsync();
                }
            }
        }
    }

    private async Task<Fault?> DeployAsync(DemoSite site, int? port, List<string> explanation, Action applied, IProgress<DeployNews> news, CancellationToken cancellationToken)
    {
        using var client = new FleetClient(ApiConnection.To(site.Endpoint, host, verbose: false), host);
        using var podman = new PodmanRuntime(new PodmanOptions { SocketPath = site.PodmanSocket }, host.Time);
        var chosen = await PortAsync(client, podman, port, cancellationToken);
        if (!chosen.IsOk)
        {
            return chosen.Fault;
        }

        using var deployment = new DemoDeployment(host, client, podman, chosen.Value);
        var steps = new DemoSteps(news);
        var tour = new DemoTour(site, deployment, host);
        await tour.DeployAsync(steps, cancellationToken);
        if (tour.IsApplied)
        {
            applied();
        }

        if (steps.Fault is null)
        {
            explanation.AddRange(tour.Explanation());
        }

        return steps.Fault;
    }

    private async Task<Fault?> RegressAsync(DemoSite site, int? wanted, IProgress<DeployNews> news, CancellationToken cancellationToken)
    {
        using var client = new FleetClient(ApiConnection.To(site.Endpoint, host, verbose: false), host);
        using var podman = new PodmanRuntime(new PodmanOptions { SocketPath = site.PodmanSocket }, host.Time);
        var port = await PortAsync(client, podman, wanted, cancellationToken);
        if (!port.IsOk)
        {
            return port.Fault;
        }

        using var deployment = new DemoDeployment(host, client, podman, port.Value);
        return await new DemoRegression(deployment, new DemoSteps(news)).RunAsync(cancellationToken);
    }

    private async Task<Outcome<int>> PortAsync(FleetClient client, PodmanRuntime podman, int? wanted, CancellationToken cancellationToken)
    {
        var present = await DemoDeployment.PortOfAsync(client, cancellationToken);
        return present.IsOk
            ? await new DemoPort(host, wanted).ChooseAsync(present.Value, (port, stop) => DemoDeployment.RunsOnAsync(podman, port, stop), cancellationToken)
            : present.Fault;
    }

    private async Task<DemoSite?> FindAsync(UpRequest request, CancellationToken cancellationToken)
    {
        if ((await new StackControl(request.DataFolder, host.Time).EndpointAsync(cancellationToken)).Value is not { NatsUrl: { } nats })
        {
            return null;
        }

        var endpoint = await new ServerLocator(host).LocateAsync(new ServerChoice(null, null, request.DataFolder), cancellationToken);
        return endpoint.IsOk ? new DemoSite(request, endpoint.Value, nats, PodmanLayout.For(PodmanFolder(request)).SocketPath, RanBefore: true) : null;
    }

    private async Task<Fault?> OtherwiseAsync(UpRequest request, CancellationToken cancellationToken)
    {
        var control = new StackControl(request.DataFolder, host.Time);
        var state = (await control.StateAsync(cancellationToken)).Value;
        if (state is { Supervisor.IsStopped: true })
        {
            return SuspendedFleet.Trouble(host, state.Supervisor.Pid);
        }

        var devices = state is null ? null : RunningFleet.Otherwise(host, request, state.Devices);
        return devices ?? RunningFleet.Otherwise(host, request, (await control.EndpointAsync(cancellationToken)).Value)
            ?? (state is { Devices: 0 } ? Fault.Permanent("this fleet has no devices", $"{host.Line("up --devices 1")} adds one") : null);
    }

    private static string PodmanFolder(UpRequest request) => Path.Combine(request.DataFolder, StackPaths.Devices, DemoSite.Device, "podman");

    private static DemoSite Site(UpRequest request, LocalFleet fleet)
    {
        var server = fleet.Server.Operator;
        var endpoint = new ServerEndpoint(new ServerAddress(server.Url, null), File.ReadAllText(server.TokenFile).Trim());
        return new DemoSite(request, endpoint, fleet.Server.Nats.Url, fleet.Devices[0].PodmanSocket, RanBefore: false);
    }
}
