using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
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
    /// <param name="now">The device's clock.</param>
    public static Plan Make(DeviceId device, ImmutableArray<ObservedContainer> observed, DateTimeOffset now) => new(
    [
        .. observed
            .ToLookup(container => Ownership.DeploymentOf(container, device))
            .Where(group => group.Key is not null)
            .OrderBy(group => group.Key!.Value)
            .Select(group => PlanOf(group.Key!.Value, group, "it stood before, and the manifest is not known", now))
            .OfType<DeploymentPlan>(),
    ]);

    /// <summary>The plan for one deployment; null when nothing is to be started.</summary>
    internal static DeploymentPlan? PlanOf(DeploymentKey key, IEnumerable<ObservedContainer> containers, string reason, DateTimeOffset now)
    {
        var starts = containers
            .Where(container => Standings.Of(RestartPolicyNames.Read(container.RestartPolicy), container, now) == Standing.Startable)
            .OrderBy(container => container.Name, StringComparer.Ordinal)
            .Select(container => new Effect.Start(key, container.Name))
            .ToImmutableArray<Effect>();
        return starts.IsEmpty ? null : new(key, PlanKind.Start, [reason], starts, []);
    }
}
