using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Core.Devices;

/// <summary>
/// Whose labels count (design D13). Selectors decide what a device is given, so the device chooses last: the administrator's labels
/// win over the reported ones, and those that name the identity come from the control plane alone.
/// </summary>
public static class LabelProjection
{
    private const int MaxRejectedTold = 16;
    private const int MaxKeyTold = 64;

    /// <summary>The labels of <paramref name="device"/>.</summary>
    /// <param name="device">Its authenticated identity.</param>
    /// <param name="administrators">What the administrator says.</param>
    /// <param name="reported">What the device says; any text may be in it.</param>
    public static ProjectedLabels Project(
        DeviceId device, IEnumerable<KeyValuePair<string, string>> administrators, IEnumerable<KeyValuePair<string, string>> reported)
    {
        var rejected = ImmutableArray.CreateBuilder<string>();
        var fromDevice = Sift(reported, WireLimits.MaxReportedLabels, rejected);
        var labels = fromDevice
            .SetItems(Sift(administrators, int.MaxValue, rejected))
            .SetItem(ApiGroup.DeviceIdLabel, device.Value);
        return new(labels, fromDevice, [.. rejected.Take(MaxRejectedTold)]);
    }

    private static ImmutableSortedDictionary<string, string> Sift(
        IEnumerable<KeyValuePair<string, string>> labels, int limit, ImmutableArray<string>.Builder rejected)
    {
        var kept = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in labels)
        {
            if (ErrorOf(key, value) is { } error)
            {
                rejected.Add($"{(key.Length <= MaxKeyTold ? key : key[..MaxKeyTold] + "...")}: {error}");
            }
            else if (kept.Count >= limit)
            {
                rejected.Add($"{key}: a device may report at most {limit} labels");
            }
            else
            {
                kept[key] = value;
            }
        }

        return kept.ToImmutable();
    }

    private static string? ErrorOf(string key, string? value) => ReservedLabels.Contains(key)
        ? "only the control plane sets it"
        : LabelSyntax.KeyError(key) ?? (value is null ? "it has no value" : LabelSyntax.ValueError(value));
}

/// <summary>A device's labels, sorted out.</summary>
/// <param name="Labels">As selectors see them.</param>
/// <param name="Reported">What the device reports and may report.</param>
/// <param name="Rejected">What was left out, each as <c>key: why</c>; at most 16 are told.</param>
public sealed record ProjectedLabels(
    ImmutableSortedDictionary<string, string> Labels, ImmutableSortedDictionary<string, string> Reported, ImmutableArray<string> Rejected);
