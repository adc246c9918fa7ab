using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Containers;

namespace Harmony.Fleet.Core.Reconciling;

/// <summary>How one deployment differs from what stands for it.</summary>
/// <param name="Key">Which deployment.</param>
/// <param name="Doomed">Containers that differ, or that nobody wants: they go.</param>
/// <param name="Missing">Containers to be made, those that take a doomed one's place among them.</param>
/// <param name="Startable">Containers to be started, new ones among them, in the score's order.</param>
/// <param name="Reasons">Why, one part of a sentence each.</param>
internal sealed record DeploymentDiff(
    DeploymentKey Key,
    ImmutableArray<ObservedContainer> Doomed,
    ImmutableArray<ContainerSpec> Missing,
    ImmutableArray<ContainerSpec> Startable,
    ImmutableArray<string> Reasons)
{
    /// <summary>Compares <paramref name="desired"/>, whose containers are known, with <paramref name="standing"/>, at <paramref name="now"/>.</summary>
    public static DeploymentDiff Between(DesiredDeployment desired, ImmutableArray<ObservedContainer> standing, DateTimeOffset now)
    {
        var doomed = ImmutableArray.CreateBuilder<ObservedContainer>();
        var missing = ImmutableArray.CreateBuilder<ContainerSpec>();
        var startable = ImmutableArray.CreateBuilder<ContainerSpec>();
        var reasons = ImmutableArray.CreateBuilder<string>();
        foreach (var spec in desired.Containers!.Value)
        {
            var match = standing.FirstOrDefault(container => container.Name == spec.Name);
            var why = match is null ? [$"{spec.Name} is missing"] : Faults(spec, match);
            if (!why.IsEmpty)
            {
                missing.Add(spec);
                startable.Add(spec);
                reasons.AddRange(why);
                if (match is not null)
                {
                    doomed.Add(match);
                }
            }
            else if (Standings.Of(spec.RestartPolicy, match!, now) == Standing.Startable)
            {
                startable.Add(spec);
                reasons.Add($"{spec.Name} is {Described(match!)}");
            }
        }

        var surplus = Surplus(desired.Containers.Value, standing);
        doomed.AddRange(surplus);
        reasons.AddRange(surplus.Select(container => $"{container.Name} is not in the score"));
        return new(desired.Key, doomed.ToImmutable(), missing.ToImmutable(), startable.ToImmutable(), reasons.ToImmutable());
    }

    /// <summary>What to do about it; null when nothing differs.</summary>
    /// <param name="held">The ports that deployments which are being removed hold.</param>
    public DeploymentPlan? ToPlan(IReadOnlyDictionary<DeploymentKey, ImmutableHashSet<(int Port, string Protocol)>> held)
    {
        if (Doomed.IsEmpty && Startable.IsEmpty)
        {
            return null;
        }

        var kind = !Doomed.IsEmpty ? PlanKind.Replace : !Missing.IsEmpty ? PlanKind.Install : PlanKind.Start;
        var needed = Startable.SelectMany(spec => spec.Ports).Select(port => (port.HostPort, port.Protocol)).ToImmutableHashSet();
        var after = held.Where(pair => pair.Value.Overlaps(needed)).Select(pair => pair.Key).Order().ToImmutableArray();
        return new(Key, kind, Reasons, [.. Effects()], after);
    }

    /// <summary>Every image before anything stops; every port free before anything new is made.</summary>
    private IEnumerable<Effect> Effects() =>
    [
        .. Missing.Select(spec => spec.Image).Distinct(StringComparer.Ordinal).Select(image => new Effect.EnsureImage(Key, image)),
        .. Removing.Stops(Key, Doomed),
        .. Removing.Removes(Key, Doomed),
        .. Missing.Select(spec => new Effect.Create(Key, spec)),
        .. Startable.Select(spec => new Effect.Start(Key, spec.Name)),
    ];

    private static ImmutableArray<string> Faults(ContainerSpec spec, ObservedContainer container) => container.State switch
    {
        ContainerState.Paused => [$"{spec.Name} is paused"],
        ContainerState.Removing => [$"{spec.Name} is being removed"],
        ContainerState.Damaged => [$"{spec.Name} is damaged ({container.StateText})"],
        ContainerState.Unreadable => [],
        _ => [.. Drift.Between(spec, container).Select(difference => $"{spec.Name}: {difference}")],
    };

    private static ImmutableArray<ObservedContainer> Surplus(ImmutableArray<ContainerSpec> specs, ImmutableArray<ObservedContainer> standing)
    {
        var names = specs.Select(spec => spec.Name).ToHashSet(StringComparer.Ordinal);
        return [.. standing.Where(container => !names.Contains(container.Name)).OrderBy(container => container.Name, StringComparer.Ordinal)];
    }

    private static string Described(ObservedContainer container) => container.State == ContainerState.Created
        ? "not started yet"
        : $"not running (exit code {container.ExitCode?.ToString() ?? "unknown"})";
}

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
