namespace Harmony.Fleet.Bench.Fleet;

/// <summary>Milliseconds, told by their median.</summary>
internal static class Summary
{
    public static string Of(IEnumerable<double> milliseconds)
    {
        var sorted = milliseconds.Order().ToArray();
        return $"median {sorted[sorted.Length / 2],7:F1} ms   min {sorted[0],7:F1}   max {sorted[^1],7:F1}";
    }
}
