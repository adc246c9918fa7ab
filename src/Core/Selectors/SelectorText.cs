using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Core.Selectors;

/// <summary>
/// Kubernetes' text form of selectors: <c>a=b,c==d,e!=f,g in (x,y),h notin (z),i,!j</c>. Its rules in the corners too: <c>a=</c> is the
/// empty value, <c>a in ()</c> as well, and an empty text matches everything. Its numeric comparisons have no form in a resource: refused.
/// </summary>
public sealed class SelectorText
{
    private const int MaxLength = 4096;
    private readonly SelectorTokens tokens;

    private SelectorText(string text) => tokens = new SelectorTokens(text);

    /// <summary>Parses <paramref name="text"/>, and checks the keys and values in it.</summary>
    public static SelectorTextOutcome Parse(string text)
    {
        if (text.Length > MaxLength)
        {
            return new SelectorTextOutcome.Invalid($"unable to parse requirement: longer than {MaxLength} characters");
        }

        try
        {
            var selector = new LabelSelector { MatchExpressions = new SelectorText(text).All() };
            return Selector.TryCompile(selector) is SelectorOutcome.Invalid invalid
                ? new SelectorTextOutcome.Invalid($"unable to parse requirement: {string.Join("; ", invalid.Errors)}")
                : new SelectorTextOutcome.Parsed(selector);
        }
        catch (FormatException error)
        {
            return new SelectorTextOutcome.Invalid($"unable to parse requirement: {error.Message}");
        }
    }

    private ImmutableArray<LabelSelectorRequirement> All()
    {
        var found = ImmutableArray.CreateBuilder<LabelSelectorRequirement>();
        if (tokens.Next.Length == 0)
        {
            return [];
        }

        do
        {
            found.Add(Requirement());
        }
        while (tokens.TryTake(","));
        return tokens.Next.Length == 0 ? found.ToImmutable() : throw tokens.Unexpected("',' or the end");
    }

    private LabelSelectorRequirement Requirement()
    {
        if (tokens.TryTake("!"))
        {
            return Of(tokens.TakeKey(), SelectorOperator.DoesNotExist, []);
        }

        var key = tokens.TakeKey();
        return tokens.Next switch
        {
            "" or "," => Of(key, SelectorOperator.Exists, []),
            "=" or "==" => Of(key, SelectorOperator.In, ExactValue(tokens.Take())),
            "!=" => Of(key, SelectorOperator.NotIn, ExactValue(tokens.Take())),
            "in" => Of(key, SelectorOperator.In, ValueSet(tokens.Take())),
            "notin" => Of(key, SelectorOperator.NotIn, ValueSet(tokens.Take())),
            _ => throw tokens.Unexpected("in, notin, =, ==, !="),
        };
    }

    private ImmutableArray<string> ExactValue(string after) =>
        tokens.Next is "" or "," ? [string.Empty] : tokens.NextIsText ? [tokens.Take()] : throw tokens.Unexpected($"a value after '{after}'");

    private ImmutableArray<string> ValueSet(string after)
    {
        if (!tokens.TryTake("("))
        {
            throw tokens.Unexpected($"'(' after '{after}'");
        }

        var values = ImmutableArray.CreateBuilder<string>();
        do
        {
            values.Add(tokens.NextIsText ? tokens.Take() : string.Empty);
        }
        while (tokens.TryTake(","));
        return tokens.TryTake(")") ? [.. values.Distinct(StringComparer.Ordinal)] : throw tokens.Unexpected("',' or ')'");
    }

    private static LabelSelectorRequirement Of(string key, SelectorOperator op, ImmutableArray<string> values) =>
        new() { Key = key, Operator = op.ToString(), Values = values };
}

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
