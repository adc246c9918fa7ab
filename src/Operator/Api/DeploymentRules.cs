using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Fields;
using Harmony.Fleet.Core.Validation;

namespace Harmony.Fleet.Operator.Api;

/// <summary>A user writes all of a Deployment but its status and the control plane's finalizers.</summary>
internal sealed class DeploymentRules : IResourceRules<Deployment>
{
    /// <inheritdoc/>
    public Deployment Admit(Deployment offered, Deployment? stored) =>
        offered with { Metadata = ReservedFinalizers.Keep(offered.Metadata, stored?.Metadata) };

    /// <inheritdoc/>
    public ImmutableArray<FieldError> Check(Deployment resource) => DeploymentValidator.Validate(resource);
}
