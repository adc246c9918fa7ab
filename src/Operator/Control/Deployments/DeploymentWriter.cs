using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Operator.Control.Deployments;

/// <summary>Writes the control plane's part of Deployments: the finalizer and the status.</summary>
internal sealed partial class DeploymentWriter(IResourceStore store, ILogger<DeploymentWriter> logger)
{
    /// <summary>The resource with the finalizer on, or off when all is cleaned up; null where it is as it should be.</summary>
    public static Deployment? Finalized(DeploymentRecord record)
    {
        var finalizers = record.Resource.Metadata.Finalizers;
        return record switch
        {
            { IsDeleting: false, HasFinalizer: false } => With(record.Resource, finalizers.Add(ApiGroup.ManifestFinalizer)),
            { IsDeleting: true, HasFinalizer: true, HasLeft: true } => With(record.Resource, finalizers.Remove(ApiGroup.ManifestFinalizer, StringComparer.Ordinal)),
            _ => null,
        };
    }

    /// <summary>Writes all but the status, only where nothing changed in between.</summary>
    public async Task<DeploymentWrite> UpdateAsync(Deployment resource, CancellationToken cancellationToken) =>
        Judge(resource, await store.UpdateAsync(ResourceTypes.Deployments, resource, cancellationToken));

    /// <summary>Writes the status alone. It is the operator's own, so that whatever else changed meanwhile does not matter.</summary>
    public async Task<DeploymentWrite> UpdateStatusAsync(Deployment resource, CancellationToken cancellationToken)
    {
        var unversioned = resource with { Metadata = resource.Metadata with { ResourceVersion = null } };
        return Judge(resource, await store.UpdateStatusAsync(ResourceTypes.Deployments, unversioned, cancellationToken));
    }

    private static Deployment With(Deployment resource, ImmutableArray<string> finalizers) =>
        resource with { Metadata = resource.Metadata with { Finalizers = finalizers } };

    private DeploymentWrite Judge(Deployment resource, StoreOutcome<Deployment> outcome)
    {
        switch (outcome)
        {
            case StoreOutcome<Deployment>.Ok ok:
                // One that is gone with its last finalizer is told by the watch.
                return new(IsDone: true, ok.Resource.Metadata is { DeletionTimestamp: not null, Finalizers.IsEmpty: true } ? null : ok.Resource);
            case StoreOutcome<Deployment>.NotFound:
                return new(IsDone: true, null);
            case StoreOutcome<Deployment>.Invalid invalid:
                LogRefused(logger, resource.Metadata.Namespace ?? string.Empty, resource.Metadata.Name, invalid.Reason);
                return new(IsDone: true, null);
            default:
                return new(IsDone: false, null);
        }
    }
}
