using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Harmony.Fleet.Contracts.Resources;

/// <summary>
/// Kubernetes' standard label selector: all terms must hold. An explicit <c>{}</c> matches everything. Null is never the same as left out here,
/// neither for the selector nor within it: a selector with a null in it matches nothing, and is refused where it is written.
/// </summary>
/// <remarks>The members can be set, because only then does a reader of JSON tell one that is null from one that is left out; a null is written as one.</remarks>
public sealed record LabelSelector
{
    /// <summary>Labels that must be present with exactly these values; null is invalid.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public ImmutableSortedDictionary<string, string>? MatchLabels { get; set; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Further terms; null is invalid.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public ImmutableArray<LabelSelectorRequirement>? MatchExpressions { get; set; } = [];
}

/// <summary>One term of a selector.</summary>
public sealed record LabelSelectorRequirement
{
    /// <summary>The label's key.</summary>
    public string Key { get => field ?? string.Empty; init; }

    /// <summary><c>In</c>, <c>NotIn</c>, <c>Exists</c> or <c>DoesNotExist</c>. Text, so that an unknown one can be told to its author.</summary>
    public string Operator { get => field ?? string.Empty; init; }

    /// <summary>Not empty for In and NotIn; empty for the others; null is invalid.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public ImmutableArray<string>? Values { get; set; } = [];
}
