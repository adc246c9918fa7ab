using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Harmony.Fleet.Adapters.Nats.Bus;
using Harmony.Fleet.Adapters.Nats.Connection;
using Harmony.Fleet.Adapters.Nats.Credentials;
using Harmony.Fleet.Adapters.Podman;
using Harmony.Fleet.Adapters.Podman.Http;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Deploy.Images;
using Harmony.Fleet.Deploy.Scores;
using Harmony.Fleet.Deploy.Stacks;
using Harmony.Fleet.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Fleet.Tests.EndToEnd.Fleet;

/// <summary>A whole fleet of real processes on this machine, put in place by the same Scores as <c>fleet up</c>. Gone with all its data when disposed.</summary>
public sealed class RunningFleet : IAsyncDisposable
{
    private readonly TempFolder folder;
    private readonly LocalFleet fleet;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;

    private RunningFleet(TempFolder folder, LocalFleet fleet)
    {
        this.folder = folder;
        this.fleet = fleet;
        Api = new FleetApi(fleet.Server.Operator);
        running = fleet.RunAsync(stopping.Token);
    }

    /// <summary>The operator's API, as a user of it.</summary>
    public FleetApi Api { get; }

    /// <summary>Where all of it is kept.</summary>
    public string DataFolder => folder.Path;

    /// <summary>The bus: all of its servers, with commas between.</summary>
    public string NatsUrl => fleet.Server.Nats.Url;

    /// <summary>The servers of the bus.</summary>
    public ImmutableArray<string> NatsServers => fleet.Server.Nats.Servers;

    /// <summary>The first device.</summary>
    public DeviceId Device { get; } = LocalFleet.DeviceAt(1);

    public static Task<RunningFleet> StartAsync(int devices = 1, int natsNodes = 1) => StartAsync(new TempFolder(), devices, natsNodes);

    /// <summary>Ends the fleet, as <c>fleet down</c> does, and starts it again from the same folder. This one is of no use after that.</summary>
    /// <param name="meanwhile">What happens to the folder while it is down.</param>
    /// <param name="natsNodes">How many NATS servers it has then; null for as many as before.</param>
    public async Task<RunningFleet> AgainAsync(Func<Task> meanwhile, int? natsNodes = null)
    {
        await EndAsync();
        await meanwhile();
        return await StartAsync(folder, fleet.Devices.Length, natsNodes);
    }

    private static async Task<RunningFleet> StartAsync(TempFolder data, int devices, int? natsNodes)
    {
        var options = new LocalFleetOptions
        {
            DataFolder = data.Path,
            Devices = devices,
            NatsNodes = natsNodes,
            BaseFolder = FleetPrograms.FolderOf("Harmony.Fleet.Cli"),
            Home = RepositoryRoot.Path,
            Random = new Random(1),
        };
        var attempt = await LocalFleet.StartAsync(options, new Progress<DeployNews>(), TimeProvider.System, TestContext.Current.CancellationToken);
        attempt.Fault?.ToString().ShouldBeNull();
        return new RunningFleet(data, attempt.Value!);
    }

    /// <summary>A client of the podman of device <paramref name="number"/>.</summary>
    public PodmanRuntime Podman(int number = 1) =>
        new(new PodmanOptions { SocketPath = fleet.Devices[number - 1].PodmanSocket }, TimeProvider.System);

    /// <summary>Builds both versions of the web image into the podman of device <paramref name="number"/>.</summary>
    public async Task BuildImagesAsync(int number = 1)
    {
        using var podman = Podman(number);
        for (var version = 1; version <= 2; version++)
        {
            var built = await HelloWebImage.EnsureAsync(podman, version, TestContext.Current.CancellationToken);
            built.Fault.ShouldBeNull();
        }
    }

    /// <summary>The device's containers of a deployment, as its podman shows them.</summary>
    public async Task<ImmutableArray<ObservedContainer>> ContainersAsync(string deployment, int number = 1)
    {
        using var podman = Podman(number);
        var observed = await podman.ObserveAsync(ContainerLabels.Deployment, deployment, TestContext.Current.CancellationToken);
        observed.Fault.ShouldBeNull();
        return observed.Value;
    }

    /// <summary>The one container of a deployment.</summary>
    public async Task<ObservedContainer> ContainerAsync(string deployment, int number = 1) =>
        (await ContainersAsync(deployment, number)).ShouldHaveSingleItem();

    /// <summary>Sends a signal to the process that runs from <paramref name="config"/>, for example <c>nats/nats.conf</c>.</summary>
    public Task SignalAsync(string config, string signal) => RunningProcesses.SignalAsync(PidOf(config), signal);

    /// <summary>Connects to the bus with the operator's rights.</summary>
    public async Task<NatsBus> ConnectAsOperatorAsync()
    {
        var seed = await File.ReadAllTextAsync(folder.File("keys/operator.nk"), TestContext.Current.CancellationToken);
        var options = NatsOptions.For(NatsUrl) with { Login = new NatsLogin.NKey(NKeyPair.ParseSeed(seed.Trim())) };
        var bus = new NatsBus(options, TimeProvider.System, NullLogger.Instance);
        await bus.ConnectAsync(TestContext.Current.CancellationToken);
        return bus;
    }

    /// <summary>Starts a second operator over the same data folder.</summary>
    public Task<RunningProgram> StartSecondOperatorAsync() => RunningProgram.StartAsync(
        FleetPrograms.PathOf("Harmony.Fleet.Operator"), "--config", folder.File("operator/operator.json"));

    /// <summary>Starts another agent with the first device's identity, as from a copied disk, with a state and a podman (that is not there) of its own.</summary>
    public async Task<RunningProgram> StartCopyOfAgentAsync(string state)
    {
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(folder.File($"devices/{Device}/agent.json")))!;
        settings["stateDirectory"] = state;
        settings["podman"]!["socket"] = Path.Combine(state, "none.sock");
        Directory.CreateDirectory(state);
        await File.WriteAllTextAsync(Path.Combine(state, "agent.json"), settings.ToJsonString());
        return await RunningProgram.StartAsync(
            FleetPrograms.PathOf("Harmony.Fleet.Agent"), "--config", Path.Combine(state, "agent.json"));
    }

    /// <summary>Ends the process that runs from <paramref name="config"/>, and waits until another one runs.</summary>
    public async Task KillAsync(string config, string signal = "KILL")
    {
        var before = PidOf(config);
        await SignalAsync(config, signal);
        await Eventually.HoldsAsync(() => FindPid(config) is { } pid && pid != before, $"the process of {config} is started again");
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        KeepLogs();
        string[] devices = [.. fleet.Devices.Select(device => folder.File($"devices/{device.Device}/podman"))];
        var purged = await new StackRemoval(folder.Path).PurgeAsync(CancellationToken.None);
        folder.Dispose();
        purged?.ToString().ShouldBeNull();
        devices.SelectMany(HostNetwork.TracesOf).ShouldBeEmpty();
    }

    private async Task EndAsync()
    {
        await stopping.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Api.Dispose();
        await fleet.DisposeAsync();
        stopping.Dispose();
    }

    /// <summary>What the processes said is kept beside the test reports, for whoever looks for the cause of a failure.</summary>
    private void KeepLogs()
    {
        var kept = Directory.CreateDirectory(Path.Combine(RepositoryRoot.Path, "artifacts", "tests", "logs", Path.GetFileName(folder.Path)));
        foreach (var log in Directory.EnumerateFiles(folder.File("logs")))
        {
            File.Copy(log, Path.Combine(kept.FullName, Path.GetFileName(log)), overwrite: true);
        }
    }

    /// <summary>The process that runs from <paramref name="config"/>.</summary>
    public int PidOf(string config) => FindPid(config) ?? throw new InvalidOperationException($"No process runs from {config}.");

    private int? FindPid(string config) => RunningProcesses.Find(folder.File(config));
}
