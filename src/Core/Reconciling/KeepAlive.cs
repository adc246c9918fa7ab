using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Containers;

namespace Harmony.Fleet.Core.Reconciling;

/// <summary>
/// What is done while nobody knows what should stand, for the state was lost: what stood is started again as its own restart policy
/// wants it, and nothing is made, changed or removed.
/// </summary>
public static class KeepAlive
{
    /// <summary>The plan.</summary>
    /// <param name="device">Whose containers; others are not touched.</param>
    /// <param name="observed">Everything that stands.</param>
    public static Plan Make(DeviceId device, ImmutableArray<ObservedContainer> observed)
    {
        var startable = observed
            .Where(container => Standings.Of(PolicyOf(container), container) == Standing.Startable)
            .ToLookup(container => Ownership.DeploymentOf(container, device));
        return new Plan(
        [
            .. startable
                .Where(group => group.Key is not null)
                .OrderBy(group => group.Key!.Value)
                .Select(group => PlanOf(group.Key!.Value, [.. group.OrderBy(container => container.Name, StringComparer.Ordinal)])),
        ]);
    }

    private static DeploymentPlan PlanOf(DeploymentKey key, ImmutableArray<ObservedContainer> containers) => new(
        key,
        PlanKind.Start,
        ["it stood before, and the manifest is not known"],
        [.. containers.Select(container => new Effect.Start(key, container.Name))],
        []);

    private static RestartPolicy PolicyOf(ObservedContainer container) => container.RestartPolicy switch
    {
        "always" or "unless-stopped" => RestartPolicy.Always,
        "on-failure" => RestartPolicy.OnFailure,
        _ => RestartPolicy.Never,
    };
}
