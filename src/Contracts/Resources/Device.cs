namespace Harmony.Fleet.Contracts.Resources;

/// <summary>A machine of the fleet. Cluster-scoped, like a Kubernetes Node; its name is its <see cref="Names.DeviceId"/>.</summary>
/// <remarks>metadata.labels is the operator's projection: the device's reported labels, overridden by the administrator's, and the control plane's own.</remarks>
public sealed record Device : IResource
{
    /// <inheritdoc/>
    public string ApiVersion { get => field ?? ApiGroup.Version; init; }

    /// <inheritdoc/>
    public string Kind { get => field ?? nameof(Device); init; }

    /// <inheritdoc/>
    public ObjectMeta Metadata { get => field ?? new(); init; }

    /// <summary>Intent of the administrator.</summary>
    public DeviceSpec Spec { get => field ?? new(); init; }

    /// <summary>What the operator observed; null until it has looked.</summary>
    public DeviceStatus? Status { get; init; }
}
