using System.Collections.Immutable;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Cli.Output;

/// <summary>How a Deployment stands.</summary>
internal static class DeploymentState
{
    /// <summary>Whether it converged: the condition says so, and speaks of the spec as it is now.</summary>
    public static bool IsConverged(Deployment deployment) =>
        deployment is { Status: { } status, Metadata: { DeletionTimestamp: null } metadata }
        && status.ObservedGeneration == metadata.Generation
        && status.Conditions.Find(ConditionTypes.Converged) is { Status: ConditionStatus.True } converged
        && converged.ObservedGeneration == metadata.Generation;

    /// <summary>Whether it converged, and is over: its containers were to end, and ended well, on all devices that can be reached.</summary>
    public static bool IsCompleted(Deployment deployment) => IsConverged(deployment) && deployment.Status!.Aggregate.HasCompleted();

    /// <summary>Which devices it is for, as a selector is typed.</summary>
    public static string Selector(Deployment deployment) =>
        Core.Selectors.Selector.TryCompile(deployment.Spec.TargetSelector) is SelectorOutcome.Compiled compiled ? compiled.Selector.ToString() : "invalid";

    /// <summary>It in one word.</summary>
    public static Cell Word(Deployment deployment)
    {
        if (deployment.Metadata.DeletionTimestamp is not null)
        {
            return new Cell("Deleting", Color.Yellow);
        }

        if (deployment.Status is not { } status || status.ObservedGeneration != deployment.Metadata.Generation)
        {
            return new Cell("Pending", Color.Yellow);
        }

        return status switch
        {
            _ when status.Conditions.Holds(ConditionTypes.Invalid) => new Cell("Invalid", Color.Red),
            _ when status.Conditions.Holds(ConditionTypes.RemovalHeld) => new Cell("RemovalHeld", Color.Yellow),
            _ when status.Conditions.Holds(ConditionTypes.NoDevices) => new Cell("NoDevices", Color.Yellow),
            _ when IsCompleted(deployment) => new Cell("Completed", Color.Green),
            _ when IsConverged(deployment) => new Cell("Converged", Color.Green),
            { Aggregate.Failed: > 0 } => new Cell("Failed", Color.Red),
            _ => new Cell("Progressing", Color.Yellow),
        };
    }
}

/// <summary>How a Device stands.</summary>
internal static class DeviceState
{
    private static readonly ImmutableArray<string> Troubles =
        [ConditionTypes.DuplicateIdentity, ConditionTypes.IntentLost, ConditionTypes.ManifestRefused, ConditionTypes.AwaitingReport, ConditionTypes.TooManyDeployments, ConditionTypes.Invalid, ConditionTypes.Unhealthy];

    /// <summary>It in a word, and the conditions that trouble it.</summary>
    public static Cell Word(Device device)
    {
        if (device.Metadata.DeletionTimestamp is not null)
        {
            return new Cell("Deleting", Color.Yellow);
        }

        var conditions = device.Status?.Conditions ?? [];
        var troubles = Troubles.Where(trouble => conditions.Holds(trouble)).ToList();
        var (word, color) = conditions.Find(ConditionTypes.Reachable)?.Status switch
        {
            ConditionStatus.True => ("Reachable", troubles.Count == 0 ? Color.Green : Color.Yellow),
            ConditionStatus.False => ("Unreachable", Color.Red),
            _ => ("Unknown", Color.Yellow),
        };
        return new Cell(string.Join(',', troubles.Prepend(word)), color);
    }

    /// <summary>Its labels but those of the control plane, as a selector would name them.</summary>
    public static string Labels(Device device) => Labels(device.Metadata.Labels.Where(pair =>
        pair.Key is not ApiGroup.DeviceIdLabel && !pair.Key.StartsWith(ApiGroup.LabelPrefix, StringComparison.Ordinal)));

    /// <summary><paramref name="labels"/> in one word; <c>-</c> where there are none.</summary>
    public static string Labels(IEnumerable<KeyValuePair<string, string>> labels) =>
        string.Join(',', labels.Select(pair => $"{pair.Key}={pair.Value}")) is { Length: > 0 } text ? text : "-";
}

/// <summary>How a Deployment stands on one device.</summary>
internal static class ReportState
{
    /// <summary>It in one word: the phase, or Completed where it is over.</summary>
    public static Cell Word(DeploymentReport report) => report.Phase switch
    {
        Phase.Running when report.Completed => new Cell("Completed", Color.Green),
        Phase.Running => new Cell($"{report.Phase}", Color.Green),
        Phase.Failed => new Cell($"{report.Phase}", Color.Red),
        _ => new Cell($"{report.Phase}", Color.Yellow),
    };
}

/// <summary>Finds conditions by their type.</summary>
internal static class ConditionLookup
{
    /// <summary>The condition <paramref name="type"/>; null where it is not there.</summary>
    public static Condition? Find(this ImmutableArray<Condition> conditions, string type) =>
        conditions.FirstOrDefault(condition => string.Equals(condition.Type, type, StringComparison.Ordinal));

    /// <summary>Whether the condition <paramref name="type"/> is there and holds.</summary>
    public static bool Holds(this ImmutableArray<Condition> conditions, string type) => conditions.Find(type)?.Status == ConditionStatus.True;
}
