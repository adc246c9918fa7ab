using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;

namespace Harmony.Fleet.Bench.Engine;

/// <summary>The steps that took longest, and what was in them.</summary>
internal sealed class LongestSteps
{
    private const int Kept = 8;
    private readonly List<(StepCost Cost, string What)> all = [];
    private readonly List<(StepCost Cost, string What)> own = [];
    private string phase = string.Empty;
    private StepCost longest;
    private StepCost longestOwn;

    /// <summary>The longest one of the phase, and that which is the longest without what was not the engine's.</summary>
    public string OfPhase => $"{longest.Took.TotalMilliseconds:N1} ms, of its own {longestOwn.Own.TotalMilliseconds:N1} ms";

    /// <summary>The longest ones, first by all of their time and then by the engine's own.</summary>
    public IEnumerable<string> All => [.. all.Select(Text), "the longest by what is their own:", .. own.Select(Text)];

    /// <summary>A phase of the measurement begins.</summary>
    public void Begin(string named) => (phase, longest, longestOwn) = (named, default, default);

    /// <summary>A step was taken.</summary>
    public void Add(StepCost cost, IReadOnlyList<FleetEvent> events, IReadOnlyList<FleetEffect> effects)
    {
        longest = cost.Took > longest.Took ? cost : longest;
        longestOwn = cost.Own > longestOwn.Own ? cost : longestOwn;
        Keep(all, cost, one => one.Took, events, effects);
        Keep(own, cost, one => one.Own, events, effects);
    }

    private void Keep(List<(StepCost Cost, string What)> kept, StepCost cost, Func<StepCost, TimeSpan> by, IReadOnlyList<FleetEvent> events, IReadOnlyList<FleetEffect> effects)
    {
        if (kept.Count == Kept && by(cost) <= by(kept[^1].Cost))
        {
            return;
        }

        kept.Add((cost, $"{phase}: took [{Names(events)}], gave [{Names(effects)}]"));
        kept.Sort((left, right) => by(right.Cost).CompareTo(by(left.Cost)));
        kept.RemoveRange(Math.Min(Kept, kept.Count), Math.Max(0, kept.Count - Kept));
    }

    private static string Names(IEnumerable<object> things) => string.Join(", ", things
        .Select(thing => thing is FleetEvent.Finished { Effect: var effect } ? $"{nameof(FleetEvent.Finished)} {effect.GetType().Name}" : thing.GetType().Name)
        .CountBy(name => name).OrderByDescending(count => count.Value).Select(count => $"{count.Value} {count.Key}"));

    private static string Text((StepCost Cost, string What) step) => $"  {step.Cost} - {step.What}";
}
