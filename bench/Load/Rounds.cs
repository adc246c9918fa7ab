namespace Harmony.Fleet.Bench.Load;

/// <summary>What several rounds came to.</summary>
internal static class Rounds
{
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
