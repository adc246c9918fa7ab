using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Fields;
using Harmony.Fleet.Core.Validation;

namespace Harmony.Fleet.Operator.Api;

/// <summary>What a user may write of a kind.</summary>
/// <typeparam name="T">The resource's type.</typeparam>
internal interface IResourceRules<T>
    where T : class, IResource
{
    /// <summary>The resource as it is to be stored: what the user may not write is as it was.</summary>
    /// <param name="offered">What the user sent.</param>
    /// <param name="stored">What is stored; null where nothing is.</param>
    T Admit(T offered, T? stored);

    /// <summary>All that is wrong with an admitted resource.</summary>
    ImmutableArray<FieldError> Check(T resource);
}

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

/// <summary>
/// A user writes a Device's spec.labels and annotations. A new one has the finalizer of the bus at once. Its metadata.labels are the operator's projection, its inventory the device's own word.
/// </summary>
internal sealed class DeviceRules : IResourceRules<Device>
{
    /// <inheritdoc/>
    public Device Admit(Device offered, Device? stored) => offered with
    {
        Metadata = ReservedFinalizers.Keep(offered.Metadata, stored?.Metadata.Finalizers ?? [ApiGroup.BusFinalizer]) with
        {
            Labels = stored?.Metadata.Labels ?? ImmutableSortedDictionary<string, string>.Empty,
        },
        Spec = offered.Spec with { Inventory = stored?.Spec.Inventory },
    };

    /// <inheritdoc/>
    public ImmutableArray<FieldError> Check(Device resource) => DeviceValidator.Validate(resource);
}

/// <summary>The control plane's own finalizers, which a user's write neither adds nor removes: a file that was applied again must not skip the clean-up.</summary>
internal static class ReservedFinalizers
{
    /// <summary>What a user offers, with the reserved ones of <paramref name="present"/> in place of the offered ones.</summary>
    /// <param name="offered">What the user sent.</param>
    /// <param name="present">The stored finalizers; of a new resource those that it is to begin with.</param>
    public static ObjectMeta Keep(ObjectMeta offered, ImmutableArray<string> present)
    {
        ImmutableArray<string> reserved = [.. present.Where(IsReserved)];
        return offered with { Finalizers = [.. reserved, .. offered.Finalizers.Where(finalizer => !IsReserved(finalizer))] };
    }

    private static bool IsReserved(string? finalizer) => finalizer is not null && finalizer.StartsWith(ApiGroup.LabelPrefix, StringComparison.Ordinal);
}
