using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Core.Effects;

/// <summary>Parts of an effect's text.</summary>
internal static class EffectText
{
    /// <summary>Counts, in words.</summary>
    public static string Of(DeploymentAggregate? counts) => counts is null
        ? "no counts"
        : $"{counts.MatchedDeviceCount} matched, {counts.Succeeded} succeeded, {counts.Failed} failed, {counts.Pending} pending, {counts.Unreachable} unreachable";

    /// <summary>Conditions, each as <c>Type=Status (Reason)</c>.</summary>
    public static string Of(IEnumerable<Condition?> conditions) =>
        string.Join(", ", conditions.OfType<Condition>().Select(condition => $"{condition.Type}={condition.Status} ({condition.Reason})"));
}
