using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Fields;

namespace Harmony.Fleet.Core.Selectors;

/// <summary>A valid label selector: all of its terms must hold, and without terms it matches everything, as in Kubernetes.</summary>
public sealed class Selector
{
    private Selector(ImmutableArray<SelectorTerm> terms)
    {
        Terms = terms;
        Demands = [.. terms.Where(term => term.Operator is SelectorOperator.In or SelectorOperator.Exists)];
    }

    /// <summary>Matches everything.</summary>
    public static Selector Everything { get; } = new([]);

    /// <summary>The terms.</summary>
    public ImmutableArray<SelectorTerm> Terms { get; }

    /// <summary>The terms that demand a label: without it nothing matches, so that an index can search by any one of them. Empty where there is none.</summary>
    public ImmutableArray<SelectorTerm> Demands { get; }

    /// <summary>Checks <paramref name="selector"/> and makes it ready for use.</summary>
    /// <param name="selector">As somebody wrote it; null where nobody did, which is an error and never everything.</param>
    /// <param name="path">Where it was written, for the errors' paths; empty for the root.</param>
    public static SelectorOutcome TryCompile(LabelSelector? selector, string path = "")
    {
        if (SelectorRules.Check(selector, path) is { IsEmpty: false } errors)
        {
            return new SelectorOutcome.Invalid(errors);
        }

        var labels = selector!.MatchLabels!.Select(pair => new SelectorTerm(pair.Key, SelectorOperator.In, [pair.Value]));
        var expressions = selector.MatchExpressions!.Value.Select(
            item => new SelectorTerm(item.Key, Enum.Parse<SelectorOperator>(item.Operator), item.Values!.Value));
        return new SelectorOutcome.Compiled(new Selector([.. labels, .. expressions]));
    }

    /// <summary>Whether <paramref name="labels"/> satisfy every term.</summary>
    public bool Matches(LabelSet labels)
    {
        foreach (var term in Terms)
        {
            if (!term.Matches(labels))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether <paramref name="labels"/> satisfy every term.</summary>
    public bool Matches(IEnumerable<KeyValuePair<string, string>> labels) => Matches(LabelSet.Of(labels));

    /// <summary>The selector in Kubernetes' text syntax; <c>everything</c> where it has no terms.</summary>
    public override string ToString() => Terms.IsEmpty ? "everything" : string.Join(',', Terms);
}

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
