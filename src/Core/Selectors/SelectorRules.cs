using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Fields;

namespace Harmony.Fleet.Core.Selectors;

/// <summary>What Kubernetes demands of a label selector, in its words.</summary>
internal static class SelectorRules
{
    private const int MaxTerms = 64;
    private const int MaxValues = 256;
    private const string NullMember = "it is null, which is no selector: leave it out, or say what must hold";

    /// <summary>All that is wrong with <paramref name="selector"/>. What is null matches nothing: it must never come to mean everything.</summary>
    public static ImmutableArray<FieldError> Check(LabelSelector? selector, string path)
    {
        if (selector is null)
        {
            return [FieldError.Required(path, "say which devices; only an explicit {} means all of them")];
        }

        var prefix = path.Length == 0 ? path : path + ".";
        if (selector is not { MatchLabels: { } labels, MatchExpressions: { } expressions })
        {
            return [.. NullMembers(selector, prefix)];
        }

        return labels.Count + expressions.Length > MaxTerms
            ? [new FieldError($"{prefix}matchExpressions", $"Too many: must have at most {MaxTerms} terms, matchLabels counted")]
            :
            [
                .. labels.SelectMany(pair => Label(pair.Key, pair.Value, $"{prefix}matchLabels")),
                .. expressions.SelectMany((item, index) => Expression(item, $"{prefix}matchExpressions[{index}]")),
            ];
    }

    private static IEnumerable<FieldError> NullMembers(LabelSelector selector, string prefix)
    {
        if (selector.MatchLabels is null)
        {
            yield return FieldError.Required($"{prefix}matchLabels", NullMember);
        }

        if (selector.MatchExpressions is null)
        {
            yield return FieldError.Required($"{prefix}matchExpressions", NullMember);
        }
    }

    private static IEnumerable<FieldError> Label(string key, string? value, string path)
    {
        if (LabelSyntax.KeyError(key) is { } keyError)
        {
            yield return FieldError.Invalid(path, key, keyError);
        }

        if (value is null)
        {
            yield return FieldError.Required($"{path}.{key}", "a label's value is a string");
        }
        else if (LabelSyntax.ValueError(value) is { } valueError)
        {
            yield return FieldError.Invalid(path, value, valueError);
        }
    }

    private static IEnumerable<FieldError> Expression(LabelSelectorRequirement? item, string path) => item is null
        ? [FieldError.Required(path, "a term is an object")]
        : [.. Operator(item, path), .. Key(item, path), .. Values(item, path)];

    private static IEnumerable<FieldError> Operator(LabelSelectorRequirement item, string path)
    {
        switch (item.Operator)
        {
            case nameof(SelectorOperator.In) or nameof(SelectorOperator.NotIn) when item.Values is null or { IsEmpty: true }:
                yield return FieldError.Required($"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'");
                break;
            case nameof(SelectorOperator.Exists) or nameof(SelectorOperator.DoesNotExist) when item.Values is { IsEmpty: false }:
                yield return FieldError.Forbidden($"{path}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                break;
            case nameof(SelectorOperator.Exists) or nameof(SelectorOperator.DoesNotExist) when item.Values is null:
                yield return FieldError.Required($"{path}.values", NullMember);
                break;
            case nameof(SelectorOperator.In) or nameof(SelectorOperator.NotIn)
                or nameof(SelectorOperator.Exists) or nameof(SelectorOperator.DoesNotExist):
                break;
            default:
                yield return FieldError.Invalid($"{path}.operator", item.Operator, "not a valid selector operator");
                break;
        }
    }

    private static IEnumerable<FieldError> Key(LabelSelectorRequirement item, string path)
    {
        if (LabelSyntax.KeyError(item.Key) is { } error)
        {
            yield return FieldError.Invalid($"{path}.key", item.Key, error);
        }
    }

    private static IEnumerable<FieldError> Values(LabelSelectorRequirement item, string path)
    {
        if (item.Values is not { } values)
        {
            return [];
        }

        if (values.Length > MaxValues)
        {
            return [new FieldError($"{path}.values", $"Too many: {values.Length}: must have at most {MaxValues} items")];
        }

        return values.Select((value, index) => value is null
                ? FieldError.Required($"{path}.values[{index}]", "a label's value is a string")
                : LabelSyntax.ValueError(value) is { } error ? FieldError.Invalid($"{path}.values[{index}]", value, error) : null)
            .OfType<FieldError>();
    }
}
