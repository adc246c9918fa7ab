using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Containers;

namespace Harmony.Fleet.Core.Reconciling;

/// <summary>Measures containers by their restart policy.</summary>
public static class Standings
{
    /// <summary>How <paramref name="container"/> stands under <paramref name="policy"/>.</summary>
    public static Standing Of(RestartPolicy policy, ObservedContainer container) => container.State switch
    {
        ContainerState.Running => Standing.Up,
        ContainerState.Created => Standing.Startable,
        ContainerState.Paused => Standing.Paused,
        ContainerState.Exited => Ended(policy, container.ExitCode),
        _ => Standing.Unclear,
    };

    private static Standing Ended(RestartPolicy policy, int? exitCode) => (policy, exitCode) switch
    {
        (RestartPolicy.OnFailure or RestartPolicy.Never, 0) => Standing.Done,
        (RestartPolicy.Never, _) => Standing.Broken,
        _ => Standing.Startable,
    };
}
