using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Devices;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Agent.Options;

/// <summary>The labels that a device may report.</summary>
internal static class ReportedLabels
{
    /// <summary>The labels; tells <paramref name="error"/> all that is wrong with them.</summary>
    public static ImmutableSortedDictionary<string, string> Check(Dictionary<string, string>? labels, Action<string> error)
    {
        if (labels is null)
        {
            return ImmutableSortedDictionary<string, string>.Empty;
        }

        if (labels.Count > WireLimits.MaxReportedLabels)
        {
            error($"there are {labels.Count}; {WireLimits.MaxReportedLabels} are allowed.");
        }

        foreach (var (key, value) in labels)
        {
            if ((ReservedLabels.Contains(key) ? "only the control plane sets it" : LabelSyntax.KeyError(key)) is { } wrongKey)
            {
                error($"the key '{key}' cannot be: {wrongKey}.");
            }

            if ((value is null ? "it is null" : LabelSyntax.ValueError(value)) is { } wrongValue)
            {
                error($"the value for '{key}' cannot be: {wrongValue}.");
            }
        }

        return labels.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }
}
