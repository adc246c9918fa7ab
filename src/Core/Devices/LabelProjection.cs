using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Core.Devices;

/// <summary>
/// Whose labels count (design D13). Selectors decide what a device is given, so the device chooses last: the administrator's labels
/// win over the reported ones (<see cref="LabelSet.With"/>), and those that name the identity come from the control plane alone.
/// </summary>
public static class LabelProjection
{
    /// <summary>How many of the labels that were left out are told.</summary>
    public const int MaxRejectedTold = 16;

    private const int MaxKeyTold = 64;

    /// <summary>Sorts out what a device says of its labels; any text may be in it.</summary>
    public static SiftedLabels Reported(IEnumerable<KeyValuePair<string, string>> labels) => Sift(labels, WireLimits.MaxReportedLabels);

    /// <summary>Sorts out what an administrator says.</summary>
    public static SiftedLabels Administrators(IEnumerable<KeyValuePair<string, string>> labels) => Sift(labels, int.MaxValue);

    private static SiftedLabels Sift(IEnumerable<KeyValuePair<string, string>> labels, int limit)
    {
        var kept = new List<KeyValuePair<string, string>>();
        var rejected = ImmutableArray<string>.Empty;
        foreach (var (key, value) in labels)
        {
            if (ErrorOf(key, value) is { } error)
            {
                rejected = Tell(rejected, $"{(key.Length <= MaxKeyTold ? key : key[..MaxKeyTold] + "...")}: {error}");
            }
            else if (kept.Count >= limit)
            {
                rejected = Tell(rejected, $"{key}: a device may report at most {limit} labels");
            }
            else
            {
                kept.Add(new(key, value));
            }
        }

        return new(LabelSet.Of(kept), rejected);
    }

    private static ImmutableArray<string> Tell(ImmutableArray<string> rejected, string why) => rejected.Length < MaxRejectedTold ? rejected.Add(why) : rejected;

    private static string? ErrorOf(string key, string? value) => ReservedLabels.Contains(key)
        ? "only the control plane sets it"
        : LabelSyntax.KeyError(key) ?? (value is null ? "it has no value" : LabelSyntax.ValueError(value));
}

/// <summary>Labels that somebody says, sorted out.</summary>
/// <param name="Kept">Those that he may say.</param>
/// <param name="Rejected">What was left out, each as <c>key: why</c>; at most 16 are told.</param>
public readonly record struct SiftedLabels(LabelSet Kept, ImmutableArray<string> Rejected);
