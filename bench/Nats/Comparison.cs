namespace Harmony.Fleet.Bench.Nats;

/// <summary>What the rounds of one work come to.</summary>
/// <param name="count">How often a round did it.</param>
/// <param name="results">The rounds of each client, in the same order.</param>
internal sealed class Comparison(int count, IReadOnlyDictionary<string, List<Measured>> results)
{
    public const string Heading = "ours / alone, median (least to most) | of the client's processor time";

    /// <summary>The median a second.</summary>
    public string Rate(string name) => results[name] is { Count: > 0 } rounds ? $"{Median([.. rounds.Select(one => count / one.Seconds)]):N0}/s" : "-";

    /// <summary>How fast one is beside another, and how much processor time it takes beside it, round by round.</summary>
    public string Ratios(string one, string other) => results.TryGetValue(other, out var yardstick)
        ? $"{Spread([.. results[one].Zip(yardstick, (a, b) => b.Seconds / a.Seconds)])} | {Spread([.. results[one].Zip(yardstick, (a, b) => a.Processor / b.Processor)])}"
        : "- | -";

    private static string Spread(List<double> ratios) => $"{Median(ratios):N2} ({ratios.Min():N2} to {ratios.Max():N2})";

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
