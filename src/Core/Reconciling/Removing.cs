using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Containers;

namespace Harmony.Fleet.Core.Reconciling;

/// <summary>The effects that take containers away: asked to end first, all of them, then removed.</summary>
internal static class Removing
{
    /// <summary>Ends those that may run. A paused one cannot be asked: it is removed by force.</summary>
    public static IEnumerable<Effect> Stops(DeploymentKey key, IEnumerable<ObservedContainer> containers) => containers
        .Where(container => container.State is ContainerState.Running or ContainerState.Stopping)
        .Select(container => new Effect.Stop(key, container.Name, container.Id, container.StopTimeoutSeconds));

    /// <summary>Removes them.</summary>
    public static IEnumerable<Effect> Removes(DeploymentKey key, IEnumerable<ObservedContainer> containers) =>
        containers.Select(container => new Effect.Remove(key, container.Name, container.Id));
}
