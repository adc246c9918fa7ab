using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Keys;
using Harmony.Fleet.Deploy.NatsServers;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Deploy.SmokeTests;
using Harmony.Fleet.Deploy.Topologies;

namespace Harmony.Fleet.Deploy.Scores;

/// <summary>A NATS server, or a cluster of them, with the fleet's two accounts, the operator in one and each device in the other.</summary>
public sealed record FleetNatsScore
{
    /// <summary>The devices that may log in.</summary>
    public ImmutableArray<DeviceId> Devices { get; init; } = [];

    /// <summary>How many servers there are: one of <see cref="NatsNode.Counts"/>.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>The port that the first one listens on; null for a free one.</summary>
    public int? Port { get; init; }

    /// <summary>What all connections together, and each of them, may take; null for what so many devices need.</summary>
    public ServerLimits? Limits { get; init; }

    /// <summary>What the devices' account may take; null for what so many devices need.</summary>
    public AccountLimits? DeviceLimits { get; init; }
}

/// <summary>NATS that stands and answers.</summary>
/// <param name="Servers">Where each of its servers is: <c>nats://host:port</c>.</param>
public sealed record NatsStanding(ImmutableArray<string> Servers)
{
    /// <summary>All of them, with commas between.</summary>
    public string Url => string.Join(',', Servers);
}

/// <summary>Puts a <see cref="FleetNatsScore"/> in place.</summary>
public static class FleetNatsDeployment
{
    /// <summary>
    /// Has the servers run as the score says; done when the operator can log in at each and JetStream answers. One that runs already takes further devices
    /// without a restart.
    /// </summary>
    public static async Task<Outcome<NatsStanding>> DeployAsync<T>(this FleetNatsScore score, T place, TimeProvider time, CancellationToken cancellationToken)
        where T : IHasFiles, IHasPorts, IHasPrograms, IRunsProcesses
    {
        var program = await place.ProvideAsync(FleetProgram.NatsServer, cancellationToken);
        if (!program.IsOk)
        {
            return program.Fault;
        }

        var planned = await NatsConfigs.PlanAsync(score, place, cancellationToken);
        if (!planned.IsOk)
        {
            return planned.Fault;
        }

        // All of them before any is waited for: one alone has no majority, and says nothing.
        var running = new List<IRunningProcess>();
        foreach (var node in planned.Value)
        {
            if (await place.EnsureFolderAsync(node.Node.Folder, cancellationToken) is { } noFolder)
            {
                return noFolder;
            }

            if (await place.WriteAsync(node.Node.Config, node.Config, cancellationToken) is { } unwritten)
            {
                return unwritten;
            }

            var process = await place.RunAsync(node.Process(place, program.Value), cancellationToken);
            if (!process.IsOk)
            {
                return process.Fault;
            }

            running.Add(process.Value);
        }

        var standing = new NatsStanding([.. planned.Value.Select(node => node.Url)]);
        foreach (var (url, process) in standing.Servers.Zip(running))
        {
            if (await NatsSmokeTest.RunAsync(url, place.PathOf(KeyPaths.OperatorSeed), process, time, cancellationToken) is { } fault)
            {
                return fault;
            }
        }

        return standing;
    }
}
