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
