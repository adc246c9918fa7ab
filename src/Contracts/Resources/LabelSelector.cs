using System.Collections.Immutable;

namespace Harmony.Fleet.Contracts.Resources;

/// <summary>Kubernetes' standard label selector: all terms must hold. An empty selector matches everything.</summary>
public sealed record LabelSelector
{
    /// <summary>Labels that must be present with exactly these values.</summary>
    public ImmutableSortedDictionary<string, string> MatchLabels { get => field ?? ImmutableSortedDictionary<string, string>.Empty; init; }

    /// <summary>Further terms.</summary>
    public ImmutableArray<LabelSelectorRequirement> MatchExpressions { get => field.IsDefault ? [] : field; init; }
}

/// <summary>One term of a selector.</summary>
public sealed record LabelSelectorRequirement
{
    /// <summary>The label's key.</summary>
    public string Key { get => field ?? string.Empty; init; }

    /// <summary><c>In</c>, <c>NotIn</c>, <c>Exists</c> or <c>DoesNotExist</c>. Text, so that an unknown one can be told to its author.</summary>
    public string Operator { get => field ?? string.Empty; init; }

    /// <summary>Not empty for In and NotIn; empty for the others.</summary>
    public ImmutableArray<string> Values { get => field.IsDefault ? [] : field; init; }
}
