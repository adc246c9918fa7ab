using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.NatsServers;
using Harmony.Fleet.Deploy.Topologies;

namespace Harmony.Fleet.Deploy.Scores;

/// <summary>A whole control plane: <see cref="FleetNatsScore"/> and <see cref="FleetOperatorScore"/>.</summary>
public sealed record FleetServerScore
{
    /// <summary>The devices that may log in.</summary>
    public ImmutableArray<DeviceId> Devices { get; init; } = [];

    /// <summary>The port of the operator's API; null for a free one.</summary>
    public int? ApiPort { get; init; }

    /// <summary>The port of NATS, of its first server; null for a free one.</summary>
    public int? NatsPort { get; init; }

    /// <summary>How many NATS servers there are: one of <see cref="NatsNode.Counts"/>.</summary>
    public int NatsNodes { get; init; } = 1;

    /// <summary>Where the operator's measurements go; null for nowhere.</summary>
    public OperatorTelemetry? Telemetry { get; init; }
}

/// <summary>A control plane that stands.</summary>
/// <param name="Nats">Its bus.</param>
/// <param name="Operator">Its operator.</param>
public sealed record ServerStanding(NatsStanding Nats, OperatorStanding Operator);

/// <summary>Puts a <see cref="FleetServerScore"/> in place.</summary>
public static class FleetServerDeployment
{
    /// <summary>NATS, then the operator; done when both are.</summary>
    public static async Task<Outcome<ServerStanding>> DeployAsync<T>(
        this FleetServerScore score, T place, IProgress<DeployNews> progress, TimeProvider time, CancellationToken cancellationToken)
        where T : IHasFiles, IHasPorts, IHasPrograms, IRunsProcesses
    {
        progress.Report(DeployNews.Begun("NATS"));
        var nats = await new FleetNatsScore { Devices = score.Devices, Port = score.NatsPort, Nodes = score.NatsNodes }.DeployAsync(place, time, cancellationToken);
        if (!nats.IsOk)
        {
            return nats.Fault;
        }

        progress.Report(DeployNews.Done("NATS", nats.Value.Url));
        progress.Report(DeployNews.Begun("operator"));
        var control = new FleetOperatorScore
        {
            Nats = nats.Value, BucketReplicas = NatsNode.Replicas(score.NatsNodes), Port = score.ApiPort, Telemetry = score.Telemetry,
        };
        var standing = await control.DeployAsync(place, time, cancellationToken);
        if (!standing.IsOk)
        {
            return standing.Fault;
        }

        progress.Report(DeployNews.Done("operator", standing.Value.Url.GetLeftPart(UriPartial.Authority)));
        return new ServerStanding(nats.Value, standing.Value);
    }
}
