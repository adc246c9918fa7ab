using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Containers;

namespace Harmony.Fleet.Core.Reconciling;

/// <summary>Says how far a deployment is.</summary>
public static class Phases
{
    /// <summary>A container that podman started again has stood when it ran this long.</summary>
    public static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(10);

    /// <summary>The phase while <paramref name="effect"/> of <paramref name="plan"/> is carried out.</summary>
    public static Phase During(DeploymentPlan plan, Effect effect) => (plan.Kind, effect) switch
    {
        (PlanKind.Remove, _) => Phase.Removing,
        (_, Effect.EnsureImage) => Phase.Pulling,
        (PlanKind.Replace, _) => Phase.Upgrading,
        _ => Phase.Initializing,
    };

    /// <summary>It could not be brought up.</summary>
    public static PhaseVerdict Failed(string reason) => new(Phase.Failed, ErrorText.Cut(reason));

    /// <summary>The phase of a deployment for which there is nothing to do.</summary>
    /// <param name="specs">Its containers as they should be.</param>
    /// <param name="standing">Its containers as they are.</param>
    /// <param name="now">The device's clock.</param>
    public static PhaseVerdict AtRest(ImmutableArray<ContainerSpec> specs, IEnumerable<ObservedContainer> standing, DateTimeOffset now)
    {
        var byName = standing.DistinctBy(container => container.Name, StringComparer.Ordinal).ToDictionary(container => container.Name, StringComparer.Ordinal);
        var unsettled = default(PhaseVerdict?);
        var isCompleted = !specs.IsEmpty;
        foreach (var spec in specs)
        {
            var verdict = byName.TryGetValue(spec.Name, out var container) ? Of(spec, container, now) : new PhaseVerdict(Phase.Pending, null);
            if (verdict.Phase == Phase.Failed)
            {
                return verdict;
            }

            isCompleted &= verdict.IsCompleted;
            unsettled ??= verdict.Phase == Phase.Running ? null : verdict;
        }

        return unsettled ?? new PhaseVerdict(Phase.Running, null, isCompleted);
    }

    private static PhaseVerdict Of(ContainerSpec spec, ObservedContainer container, DateTimeOffset now) => Standings.Of(spec.RestartPolicy, container, now) switch
    {
        Standing.Up when IsLooping(container, now) => KeepsEnding(spec, container),
        Standing.Ending when container.Restarts > 0 => KeepsEnding(spec, container),
        Standing.Ending => new(Phase.Pending, $"{spec.Name} ended a moment ago{(container.ExitCode is { } code ? $", with exit code {code}" : string.Empty)}"),
        Standing.Up => new(Phase.Running, null),
        Standing.Done => new(Phase.Running, null, IsCompleted: true),
        Standing.Broken => Failed($"{spec.Name} ended with exit code {container.ExitCode?.ToString() ?? "unknown"}, and its restart policy leaves it so"),
        Standing.Unclear => new(Phase.Pending, ErrorText.Cut($"{spec.Name} is in state '{container.StateText}'")),
        _ => new(Phase.Pending, null),
    };

    private static PhaseVerdict KeepsEnding(ContainerSpec spec, ObservedContainer container) =>
        Failed($"{spec.Name} keeps ending: the runtime started it again {Times(container.Restarts)}{LastExit(container)}");

    /// <summary>A clock that was set back says nothing about how long a container runs.</summary>
    private static bool IsLooping(ObservedContainer container, DateTimeOffset now) =>
        container.Restarts > 0 && container.StartedAt is { } started && now >= started && now - started < SettleTime;

    private static string Times(int count) => count == 1 ? "once" : $"{count} times";

    private static string LastExit(ObservedContainer container) => container.ExitCode is { } code and not 0 ? $", last after exit code {code}" : string.Empty;
}

/// <summary>How far a deployment is, and what is wrong with it.</summary>
/// <param name="Phase">How far it is.</param>
/// <param name="Error">What is wrong, at most <see cref="WireLimits.MaxErrorBytes"/> long; null when nothing is.</param>
/// <param name="IsCompleted">Whether all of its containers were to end, and ended well.</param>
public readonly record struct PhaseVerdict(Phase Phase, string? Error, bool IsCompleted = false);
