using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Fields;
using Harmony.Fleet.Core.Validation;

namespace Harmony.Fleet.Operator.Api;

/// <summary>
/// A user writes a Device's spec.labels and annotations. Its metadata.labels are the operator's projection, its inventory the device's own word.
/// </summary>
internal sealed class DeviceRules : IResourceRules<Device>
{
    /// <inheritdoc/>
    public Device Admit(Device offered, Device? stored) => offered with
    {
        Metadata = ReservedFinalizers.Keep(offered.Metadata, stored?.Metadata.Finalizers ?? []) with
        {
            Labels = stored?.Metadata.Labels ?? ImmutableSortedDictionary<string, string>.Empty,
        },
        Spec = offered.Spec with { Inventory = stored?.Spec.Inventory },
    };

    /// <inheritdoc/>
    public ImmutableArray<FieldError> Check(Device resource) => DeviceValidator.Validate(resource);
}
