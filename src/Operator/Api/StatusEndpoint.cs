using Harmony.Fleet.Contracts.Api;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Operator.Control.Loop;

namespace Harmony.Fleet.Operator.Api;

/// <summary>How far the operator is: nobody needs to guess what it does after a start.</summary>
/// <param name="view">What is known of the engine.</param>
internal sealed class StatusEndpoint(EngineView view)
{
    private const string Path = "/api/v1/status";

    /// <summary>Adds the path.</summary>
    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(Path, (Delegate)Answer).WithSummary("How far the operator is on its way to what is wanted").Produces<OperatorStatus>();

    private IResult Answer()
    {
        var progress = view.Progress;
        return ApiResults.Document(
            new OperatorStatus
            {
                Phase = progress.Phase.ToString().ToLowerInvariant(),
                Percent = progress.Percent,
                Devices = progress.Devices,
                UnsettledDevices = progress.Unsettled,
                AwaitingReport = progress.Awaiting,
                LostDeployments = view.LostCount,
                UnknownDeployments = view.UnknownCount,
            },
            ContractsJson.Api.OperatorStatus);
    }
}
