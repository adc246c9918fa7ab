using System.Collections.Immutable;
using System.Diagnostics;
using System.Net.Http.Json;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Deploy.Images;
using Harmony.Fleet.Tests.Harness;

namespace Harmony.Fleet.Bench.Agent;

/// <summary>A whole fleet of one device, on which one agent after another takes up the same containers.</summary>
internal sealed class AgentFleet : IAsyncDisposable
{
    private const string Connected = "The bus is there";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly BenchFleet fleet;

    private AgentFleet(BenchFleet fleet) => this.fleet = fleet;

    private string Config => Path.Combine(fleet.Folder, "devices", fleet.Device, "agent.json");

    private string Log => Path.Combine(fleet.Folder, "logs", $"{fleet.Device}.log");

    public static async Task<AgentFleet> StartAsync(string agent, CancellationToken cancellationToken) => new(await BenchFleet.StartAsync(
        RepositoryRoot.Path,
        data =>
        {
            Point(data, agent);
            return Link(data);
        },
        cancellationToken));

    /// <summary>Puts Deployments of one container each, and waits until they run.</summary>
    public async Task DeployAsync(int count)
    {
        for (var number = 1; number <= count; number++)
        {
            var path = new Uri($"/api/v1/namespaces/default/deployments/d{number}", UriKind.Relative);
            using var answer = await fleet.Api.PutAsync(path, JsonContent.Create(Desired(number), ContractsJson.Resources.Deployment));
            answer.EnsureSuccessStatusCode();
        }

        await UntilAsync(
            async () =>
            {
                var seen = await fleet.Podman.ObserveAsync(ContainerLabels.Device, fleet.Device, CancellationToken.None);
                return seen.IsOk && seen.Value.Count(container => container.State == ContainerState.Running) == count;
            },
            $"{count} containers run");
    }

    /// <summary>Ends the agent that runs, and has the supervisor start <paramref name="agent"/> in its place.</summary>
    /// <returns>Its process, and the processor time that it had used when it said that it was connected.</returns>
    public async Task<(int Process, TimeSpan Processor)> StartAgentAsync(string agent)
    {
        Point(fleet.Folder, agent);
        var said = new FileInfo(Log).Length;
        var before = RunningProcesses.Find(Config) ?? throw new InvalidOperationException("No agent runs.");
        await RunningProcesses.SignalAsync(before, "TERM");
        int? started = null;
        await UntilAsync(() => Task.FromResult((started = RunningProcesses.Find(Config)) is not null && started != before), "the agent runs again");
        await UntilAsync(() => Task.FromResult(Said(said).Contains(Connected, StringComparison.Ordinal)), "the agent is connected");
        return (started!.Value, ProcessClock.Of(started.Value));
    }

    public ValueTask DisposeAsync() => fleet.DisposeAsync();

    /// <summary>Beside the data folder: a fleet is set up in none that holds something.</summary>
    private static string Link(string data) => Path.Combine(Path.GetDirectoryName(data)!, "agent-under-test");

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
            TargetSelector = new() { MatchLabels = ImmutableSortedDictionary<string, string>.Empty.Add(ApiGroup.DeviceIdLabel, fleet.Device) },
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
