using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Devices;
using Harmony.Fleet.Core.Fields;
using Harmony.Fleet.Core.Resources;

namespace Harmony.Fleet.Core.Validation;

/// <summary>What a Device must be as an administrator writes it.</summary>
public static class DeviceValidator
{
    private const int MaxLabels = 64;

    /// <summary>All that is wrong with <paramref name="device"/>; empty where nothing is.</summary>
    public static ImmutableArray<FieldError> Validate(Device device) =>
        [.. MetadataRules.Check(ResourceTypes.Devices, device), .. Labels(device.Spec.Labels)];

    private static IEnumerable<FieldError> Labels(ImmutableSortedDictionary<string, string> labels)
    {
        if (labels.Count > MaxLabels)
        {
            return [new FieldError("spec.labels", $"Too many: {labels.Count}: must have at most {MaxLabels} items")];
        }

        var reserved = labels.Keys.Where(ReservedLabels.Contains)
            .Select(key => FieldError.Forbidden($"spec.labels.{key}", "only the control plane sets it"));
        return [.. MetadataRules.CheckLabels("spec.labels", labels), .. reserved];
    }
}
