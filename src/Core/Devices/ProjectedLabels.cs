using System.Collections.Immutable;

namespace Harmony.Fleet.Core.Devices;

/// <summary>A device's labels, sorted out.</summary>
/// <param name="Labels">As selectors see them.</param>
/// <param name="Reported">What the device reports and may report.</param>
/// <param name="Rejected">What was left out, each as <c>key: why</c>; at most 16 are told.</param>
public sealed record ProjectedLabels(
    ImmutableSortedDictionary<string, string> Labels, ImmutableSortedDictionary<string, string> Reported, ImmutableArray<string> Rejected);
