using System.Collections.Immutable;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Harmony.Fleet.Adapters.Podman;
using Harmony.Fleet.Adapters.Podman.Http;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Deploy.Images;
using Harmony.Fleet.Deploy.Scores;
using Harmony.Fleet.Deploy.Stacks;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Bench.Agent;

/// <summary>A whole fleet of one device, on which one agent after another takes up the same containers.</summary>
internal sealed class AgentFleet : IAsyncDisposable
{
    private const string Connected = "The bus is there";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string folder;
    private readonly LocalFleet fleet;
    private readonly PodmanRuntime podman;
    private readonly HttpClient api;

    private AgentFleet(string folder, LocalFleet fleet)
    {
        this.folder = folder;
        this.fleet = fleet;
        podman = new PodmanRuntime(new PodmanOptions { SocketPath = fleet.Devices[0].PodmanSocket }, TimeProvider.System);
        api = new HttpClient { BaseAddress = fleet.Server.Operator.Url };
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(fleet.Server.Operator.TokenFile).Trim());
    }

    private string Device => fleet.Devices[0].Device.Value;

    private string Config => Path.Combine(folder, "devices", Device, "agent.json");

    private string Log => Path.Combine(folder, "logs", $"{Device}.log");

    public static async Task<AgentFleet> StartAsync(string agent, CancellationToken cancellationToken)
    {
        var data = Directory.CreateTempSubdirectory("hf-bench-").FullName;
        Point(data, agent);
        var options = new LocalFleetOptions
        {
            DataFolder = data,
            Devices = 1,
            BaseFolder = Path.GetFullPath("../../Harmony.Fleet.Operator/release", AppContext.BaseDirectory),
            Home = RepositoryRoot.Path,
            Agent = Link(data),
            Random = new Random(1),
        };
        try
        {
            var attempt = await LocalFleet.StartAsync(options, new Progress<DeployNews>(), TimeProvider.System, cancellationToken);
            return new AgentFleet(data, attempt.Value ?? throw new InvalidOperationException(attempt.Fault?.ToString()));
        }
        catch
        {
            await RemoveAsync(data);
            throw;
        }
    }

    /// <summary>Puts Deployments of one container each, and waits until they run.</summary>
    public async Task DeployAsync(int count)
    {
        for (var number = 1; number <= count; number++)
        {
            var path = new Uri($"/api/v1/namespaces/default/deployments/d{number}", UriKind.Relative);
            using var answer = await api.PutAsync(path, JsonContent.Create(Desired(number), ContractsJson.Resources.Deployment));
            answer.EnsureSuccessStatusCode();
        }

        await UntilAsync(
            async () =>
            {
                var seen = await podman.ObserveAsync(ContainerLabels.Device, Device, CancellationToken.None);
                return seen.IsOk && seen.Value.Count(container => container.State == ContainerState.Running) == count;
            },
            $"{count} containers run");
    }

    /// <summary>Ends the agent that runs, and has the supervisor start <paramref name="agent"/> in its place.</summary>
    /// <returns>Its process, and the processor time that it had used when it said that it was connected.</returns>
    public async Task<(int Process, TimeSpan Processor)> StartAgentAsync(string agent)
    {
        Point(folder, agent);
        var said = new FileInfo(Log).Length;
        var before = RunningProcesses.Find(Config) ?? throw new InvalidOperationException("No agent runs.");
        await RunningProcesses.SignalAsync(before, "TERM");
        int? started = null;
        await UntilAsync(() => Task.FromResult((started = RunningProcesses.Find(Config)) is not null && started != before), "the agent runs again");
        await UntilAsync(() => Task.FromResult(Said(said).Contains(Connected, StringComparison.Ordinal)), "the agent is connected");
        return (started!.Value, ProcessClock.Of(started.Value));
    }

    public async ValueTask DisposeAsync()
    {
        api.Dispose();
        podman.Dispose();
        await fleet.DisposeAsync();
        await RemoveAsync(folder);
    }

    private static async Task RemoveAsync(string data)
    {
        await new StackRemoval(data).PurgeAsync(CancellationToken.None);
        if (Directory.Exists(data))
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static string Link(string data) => Path.Combine(data, "agent-under-test");

    private static void Point(string data, string agent)
    {
        File.Delete(Link(data));
        File.CreateSymbolicLink(Link(data), agent);
    }

    private static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        for (var began = Stopwatch.GetTimestamp(); !await holds(); await Task.Delay(1))
        {
            if (Stopwatch.GetElapsedTime(began) > Patience)
            {
                throw new TimeoutException($"Not in time: {what}.");
            }
        }
    }

    private string Said(long from)
    {
        using var log = new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        log.Seek(from, SeekOrigin.Begin);
        using var reader = new StreamReader(log);
        return reader.ReadToEnd();
    }

    private Deployment Desired(int number) => new()
    {
        Metadata = new() { Name = $"d{number}", Namespace = "default" },
        Spec = new()
        {
            TargetSelector = new() { MatchLabels = ImmutableSortedDictionary<string, string>.Empty.Add(ApiGroup.DeviceIdLabel, Device) },
            Score = new()
            {
                PodmanV0 = new()
                {
                    Containers =
                    [
                        new()
                        {
                            Name = "web",
                            Image = HelloWebImage.Reference(1),
                            Env = [new() { Name = "HELLO", Value = $"number {number}" }],
                            VolumeMounts = [new() { Volume = $"data-{number}", MountPath = "/data" }],
                        },
                    ],
                    TerminationGracePeriodSeconds = 1,
                },
            },
        },
    };
}
