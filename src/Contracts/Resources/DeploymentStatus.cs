using System.Collections.Immutable;

namespace Harmony.Fleet.Contracts.Resources;

/// <summary>What the operator observed of a Deployment.</summary>
public sealed record DeploymentStatus
{
    /// <summary>The generation of the spec that this status speaks of.</summary>
    public long ObservedGeneration { get; init; }

    /// <summary>The devices, counted.</summary>
    public DeploymentAggregate Aggregate { get => field ?? new(); init; }

    /// <summary>Converged, NoDevices, Invalid.</summary>
    public ImmutableArray<Condition> Conditions { get => field.IsDefault ? [] : field; init; }
}
