using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Containers;

namespace Harmony.Fleet.Core.Reconciling;

/// <summary>Compares what should stand on a device with what does, and says what to do about it.</summary>
public static class Planner
{
    /// <summary>The plan. Carried out in part and made anew from what then stands, it leads to the same end.</summary>
    /// <param name="device">Whose containers are planned for; others are not touched.</param>
    /// <param name="desired">Everything that should stand.</param>
    /// <param name="observed">Everything that does.</param>
    /// <param name="now">The device's clock.</param>
    public static Plan Make(DeviceId device, IEnumerable<DesiredDeployment> desired, ImmutableArray<ObservedContainer> observed, DateTimeOffset now)
    {
        var standing = observed
            .Select(container => (Key: Ownership.DeploymentOf(container, device), Container: container))
            .Where(pair => pair.Key is not null)
            .ToLookup(pair => pair.Key!.Value, pair => pair.Container);
        var wanted = desired.ToDictionary(deployment => deployment.Key);

        var removals = standing
            .Where(group => !wanted.ContainsKey(group.Key))
            .OrderBy(group => group.Key)
            .Select(group => Removal(group.Key, [.. group.OrderBy(container => container.Name, StringComparer.Ordinal)]))
            .ToImmutableArray();
        var held = removals.ToDictionary(removal => removal.Key, removal => PortsOf(standing[removal.Key]));

        var others = wanted.Values
            .OrderBy(deployment => deployment.Key)
            .Select(deployment => deployment.Containers is null
                ? KeepAlive.PlanOf(deployment.Key, standing[deployment.Key], "it stood before, and its score is not at hand", now)
                : DeploymentDiff.Between(deployment, [.. standing[deployment.Key]], now).ToPlan(held))
            .OfType<DeploymentPlan>();
        return new Plan([.. removals, .. others]);
    }

    private static DeploymentPlan Removal(DeploymentKey key, ImmutableArray<ObservedContainer> containers) =>
        new(key, PlanKind.Remove, ["the manifest does not name it"], [.. Removing.Stops(key, containers), .. Removing.Removes(key, containers)], []);

    private static ImmutableHashSet<(int Port, string Protocol)> PortsOf(IEnumerable<ObservedContainer> containers) =>
        [.. containers.SelectMany(container => container.Ports).Select(port => (port.HostPort, port.Protocol))];
}
