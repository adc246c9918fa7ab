using Harmony.Fleet.Contracts.Scores;

namespace Harmony.Fleet.Contracts.Resources;

/// <summary>The intent of a Deployment.</summary>
public sealed record DeploymentSpec
{
    /// <summary>Which devices, by their labels.</summary>
    public LabelSelector TargetSelector { get => field ?? new(); init; }

    /// <summary>What should stand on each of them.</summary>
    public ReconcileScore Score { get => field ?? new(); init; }
}
