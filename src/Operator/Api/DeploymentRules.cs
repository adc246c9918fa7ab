using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Fields;
using Harmony.Fleet.Core.Validation;

namespace Harmony.Fleet.Operator.Api;

/// <summary>
/// A user writes all of a Deployment but its status and the control plane's finalizers. A new one has the finalizer of the manifests at once:
/// one that is deleted soon after must not be gone before it left them.
/// </summary>
internal sealed class DeploymentRules : IResourceRules<Deployment>
{
    /// <inheritdoc/>
    public Deployment Admit(Deployment offered, Deployment? stored) =>
        offered with { Metadata = ReservedFinalizers.Keep(offered.Metadata, stored?.Metadata.Finalizers ?? [ApiGroup.ManifestFinalizer]) };

    /// <inheritdoc/>
    public ImmutableArray<FieldError> Check(Deployment resource) => DeploymentValidator.Validate(resource);
}
