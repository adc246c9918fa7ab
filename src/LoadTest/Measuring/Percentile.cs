using System.Globalization;

namespace Harmony.Fleet.LoadTest.Measuring;

/// <summary>Percentiles: of what was measured one by one, and of histograms as Prometheus is told them.</summary>
internal static class Percentile
{
    /// <summary>The least of <paramref name="values"/> that at least the part <paramref name="of"/> of them does not exceed; 0 for none.</summary>
    public static double Of(IEnumerable<double> values, double of)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? 0 : sorted[Math.Max(0, (int)Math.Ceiling(of * sorted.Length) - 1)];
    }

    /// <summary>The same of the histogram <paramref name="name"/>: the upper end of its bucket; null where nothing was measured.</summary>
    /// <param name="before">What was told when it began; empty for the histogram's own beginning.</param>
    /// <param name="metrics">What is told now.</param>
    /// <param name="name">The histogram.</param>
    /// <param name="of">The part.</param>
    public static double? OfHistogram(string before, string metrics, string name, double of)
    {
        var earlier = Buckets(before, name).ToDictionary();
        var buckets = Buckets(metrics, name).Select(bucket => (bucket.Key, Count: bucket.Value - earlier.GetValueOrDefault(bucket.Key))).OrderBy(bucket => bucket.Key).ToArray();
        return buckets.Length == 0 || buckets[^1].Count == 0 ? null : buckets.First(bucket => bucket.Count >= of * buckets[^1].Count).Key;
    }

    private static IEnumerable<KeyValuePair<double, double>> Buckets(string metrics, string name) => metrics.Split('\n')
        .Where(line => line.StartsWith(name + "_bucket{", StringComparison.Ordinal)).Select(Bucket)
        .GroupBy(bucket => bucket.End, (end, same) => KeyValuePair.Create(end, same.Sum(bucket => bucket.Count)));

    private static (double End, double Count) Bucket(string line)
    {
        var begin = line.IndexOf("le=\"", StringComparison.Ordinal) + 4;
        var end = line[begin..line.IndexOf('"', begin)];
        var count = line[(line.LastIndexOf('}') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return (end == "+Inf" ? double.PositiveInfinity : double.Parse(end, CultureInfo.InvariantCulture), double.Parse(count, CultureInfo.InvariantCulture));
    }
}
