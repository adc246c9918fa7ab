using Harmony.Fleet.Deploy.Outcomes;
using Harmony.Fleet.Deploy.Topologies;

namespace Harmony.Fleet.Deploy.Scores;

/// <summary>Puts a <see cref="FleetServerScore"/> in place.</summary>
public static class FleetServerDeployment
{
    /// <summary>NATS, then the operator; done when both are.</summary>
    public static async Task<Attempt<ServerStanding>> DeployAsync<T>(
        this FleetServerScore score, T place, IProgress<DeployNews> progress, TimeProvider time, CancellationToken cancellationToken)
        where T : IHasFiles, IHasPorts, IHasPrograms, IRunsProcesses
    {
        progress.Report(DeployNews.Begun("NATS"));
        var nats = await new FleetNatsScore { Devices = score.Devices, Port = score.NatsPort }.DeployAsync(place, time, cancellationToken);
        if (!nats.IsDone)
        {
            return nats.Fault;
        }

        progress.Report(DeployNews.Done("NATS", nats.Value.Url));
        progress.Report(DeployNews.Begun("operator"));
        var standing = await new FleetOperatorScore { Nats = nats.Value, Port = score.ApiPort }.DeployAsync(place, time, cancellationToken);
        if (!standing.IsDone)
        {
            return standing.Fault;
        }

        progress.Report(DeployNews.Done("operator", standing.Value.Url.GetLeftPart(UriPartial.Authority)));
        return new ServerStanding(nats.Value, standing.Value);
    }
}
