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
    public static double? OfHistogram(string metrics, string name, double of)
    {
        var buckets = metrics.Split('\n').Where(line => line.StartsWith(name + "_bucket{", StringComparison.Ordinal)).Select(Bucket)
            .GroupBy(bucket => bucket.End, (end, same) => (End: end, Count: same.Sum(bucket => bucket.Count))).OrderBy(bucket => bucket.End).ToArray();
        return buckets.Length == 0 || buckets[^1].Count == 0 ? null : buckets.First(bucket => bucket.Count >= of * buckets[^1].Count).End;
    }

    private static (double End, double Count) Bucket(string line)
    {
        var begin = line.IndexOf("le=\"", StringComparison.Ordinal) + 4;
        var end = line[begin..line.IndexOf('"', begin)];
        var count = line[(line.LastIndexOf('}') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return (end == "+Inf" ? double.PositiveInfinity : double.Parse(end, CultureInfo.InvariantCulture), double.Parse(count, CultureInfo.InvariantCulture));
    }
}
