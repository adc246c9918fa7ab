using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Waiting;

/// <summary>How far a deployment is, in words.</summary>
internal static class Progress
{
    /// <summary>What is there and what is missing.</summary>
    public static string Of(Deployment deployment)
    {
        if (deployment.Metadata.DeletionTimestamp is not null)
        {
            return "it is being deleted";
        }

        if (deployment.Status is not { } status || status.ObservedGeneration != deployment.Metadata.Generation)
        {
            return $"the operator has not looked at generation {deployment.Metadata.Generation} yet";
        }

        if (status.Conditions.Find(ConditionTypes.Invalid) is { Status: ConditionStatus.True } invalid)
        {
            return $"it is invalid: {invalid.Message.TrimEnd('.')}";
        }

        return (status.Aggregate.MatchedDeviceCount == 0 ? "its selector matches no device" : Counts(status.Aggregate)) + (IsHeld(deployment) ? $"; {Held(deployment)}" : string.Empty);
    }

    /// <summary>Whether its removal from devices waits until somebody approves it.</summary>
    public static bool IsHeld(Deployment deployment) =>
        deployment.Status is { RemovalHeldCount: > 0 } status && status.ObservedGeneration == deployment.Metadata.Generation && status.Conditions.Holds(ConditionTypes.RemovalHeld);

    /// <summary>That it does, of one that is held.</summary>
    public static string Held(Deployment deployment) => $"its removal from {CountText.Of(deployment.Status!.RemovalHeldCount, "device")} is held";

    private static string Counts(DeploymentAggregate aggregate)
    {
        var text = $"{aggregate.Succeeded} of {CountText.Of(aggregate.MatchedDeviceCount, "device")} succeeded";
        text += aggregate.Completed == 0 ? string.Empty : $" ({aggregate.Completed} completed)";
        text += Part(aggregate.Failed, "failed") + Part(aggregate.Pending, "pending") + Part(aggregate.Unreachable, "unreachable");
        return aggregate.LastError is { } error && aggregate.Failed + aggregate.Pending > 0 ? $"{text}; {error.Device} says: {error.Message.TrimEnd('.')}" : text;
    }

    private static string Part(int count, string word) => count == 0 ? string.Empty : $", {count} {word}";
}

/// <summary>What is waited for.</summary>
internal enum WaitGoal
{
    /// <summary>The operator observed the spec as it is, and every matched reachable device succeeded.</summary>
    Converged,

    /// <summary>There is no such deployment any more, or another one of its name.</summary>
    Deleted,

    /// <summary>It converged, and its containers, which were to end, have ended well on every matched reachable device.</summary>
    Completed,
}
