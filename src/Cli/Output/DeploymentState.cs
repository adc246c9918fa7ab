using Harmony.Fleet.Cli.Consoles;
using Harmony.Fleet.Contracts.Resources;

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
            _ when status.Conditions.Holds(ConditionTypes.NoDevices) => new Cell("NoDevices", Color.Yellow),
            _ when IsConverged(deployment) => new Cell("Converged", Color.Green),
            { Aggregate.Failed: > 0 } => new Cell("Failed", Color.Red),
            _ => new Cell("Progressing", Color.Yellow),
        };
    }
}
