using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Fields;

namespace Harmony.Fleet.Operator.Control.Deployments;

/// <summary>A Deployment as the control loop holds it.</summary>
internal sealed class DeploymentRecord(Deployment resource)
{
    /// <summary>The resource as it was last seen.</summary>
    public Deployment Resource { get; set; } = resource;

    /// <summary>What is wrong with it; empty for nothing.</summary>
    public ImmutableArray<FieldError> Errors { get; set; } = [];

    /// <summary>The address of the score that is carried out; null for none.</summary>
    public Digest? Address { get; set; }

    /// <summary>The uid of the resource whose score is carried out.</summary>
    public string Uid { get; set; } = string.Empty;

    /// <summary>Whether no stored manifest names it any more.</summary>
    public bool HasLeft { get; set; }

    /// <summary>Whether deletion was asked for.</summary>
    public bool IsDeleting => Resource.Metadata.DeletionTimestamp is not null;

    /// <summary>Whether the control plane's finalizer is on it.</summary>
    public bool HasFinalizer => Resource.Metadata.Finalizers.Contains(ApiGroup.ManifestFinalizer, StringComparer.Ordinal);
}
