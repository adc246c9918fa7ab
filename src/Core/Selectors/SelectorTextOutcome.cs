using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Core.Selectors;

/// <summary>What a selector in text form turned out to be.</summary>
public abstract record SelectorTextOutcome
{
    private SelectorTextOutcome()
    {
    }

    /// <summary>A selector.</summary>
    /// <param name="LabelSelector">It, as resources hold it.</param>
    public sealed record Parsed(LabelSelector LabelSelector) : SelectorTextOutcome;

    /// <summary>It is none.</summary>
    /// <param name="Reason">One sentence.</param>
    public sealed record Invalid(string Reason) : SelectorTextOutcome;
}
