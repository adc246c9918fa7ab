using System.Collections.Immutable;

namespace Harmony.Fleet.Core.Selectors;

/// <summary>One valid term of a selector.</summary>
/// <param name="Key">The label's key.</param>
/// <param name="Operator">How the label is looked at.</param>
/// <param name="Values">The values of In and NotIn; empty for the others.</param>
public sealed record SelectorTerm(string Key, SelectorOperator Operator, ImmutableArray<string> Values)
{
    /// <summary>Whether <paramref name="labels"/> satisfy the term.</summary>
    public bool Matches(LabelSet labels)
    {
        var value = labels[Key];
        return Operator switch
        {
            SelectorOperator.In => value is not null && Values.Contains(value, StringComparer.Ordinal),
            SelectorOperator.NotIn => value is null || !Values.Contains(value, StringComparer.Ordinal),
            SelectorOperator.Exists => value is not null,
            _ => value is null,
        };
    }

    /// <summary>The term in Kubernetes' text syntax.</summary>
    public override string ToString() => Operator switch
    {
        SelectorOperator.In when Values.Length == 1 => $"{Key}={Values[0]}",
        SelectorOperator.In => $"{Key} in ({string.Join(',', Values)})",
        SelectorOperator.NotIn when Values.Length == 1 => $"{Key}!={Values[0]}",
        SelectorOperator.NotIn => $"{Key} notin ({string.Join(',', Values)})",
        SelectorOperator.Exists => Key,
        _ => $"!{Key}",
    };
}

/// <summary>How a term of a selector looks at a label. The names are Kubernetes'.</summary>
public enum SelectorOperator
{
    /// <summary>The label is there with one of the values.</summary>
    In,

    /// <summary>The label has none of the values; one that is not there has none.</summary>
    NotIn,

    /// <summary>The label is there.</summary>
    Exists,

    /// <summary>The label is not there.</summary>
    DoesNotExist,
}
