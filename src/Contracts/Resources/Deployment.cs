namespace Harmony.Fleet.Contracts.Resources;

/// <summary>What should run, and on which devices. Namespaced.</summary>
public sealed record Deployment : IResource
{
    /// <inheritdoc/>
    public string ApiVersion { get => field ?? ApiGroup.Version; init; }

    /// <inheritdoc/>
    public string Kind { get => field ?? nameof(Deployment); init; }

    /// <inheritdoc/>
    public ObjectMeta Metadata { get => field ?? new(); init; }

    /// <summary>Intent.</summary>
    public DeploymentSpec Spec { get => field ?? new(); init; }

    /// <summary>What the operator observed; null until it has looked.</summary>
    public DeploymentStatus? Status { get; init; }
}
