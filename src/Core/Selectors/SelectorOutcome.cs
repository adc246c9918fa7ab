using System.Collections.Immutable;
using Harmony.Fleet.Core.Fields;

namespace Harmony.Fleet.Core.Selectors;

/// <summary>What became of a selector that somebody wrote.</summary>
public abstract record SelectorOutcome
{
    private SelectorOutcome()
    {
    }

    /// <summary>It can be used.</summary>
    /// <param name="Selector">It, compiled.</param>
    public sealed record Compiled(Selector Selector) : SelectorOutcome;

    /// <summary>It cannot be used, and matches nothing.</summary>
    /// <param name="Errors">All that is wrong with it.</param>
    public sealed record Invalid(ImmutableArray<FieldError> Errors) : SelectorOutcome;
}
