using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Tests.Core.Selectors;

/// <summary>The compiled selector against an oracle that says each operator's meaning in the plainest way.</summary>
public sealed class SelectorProperties
{
    private static readonly string[] Keys = ["a", "b", "c", "example.com/d"];
    private static readonly string[] Values = ["", "x", "y", "z"];

    private static readonly Gen<LabelSelectorRequirement> Terms =
        from key in Gen.Elements(Keys)
        from op in Gen.Elements("In", "NotIn", "Exists", "DoesNotExist")
        from values in Gen.NonEmptyListOf(Gen.Elements(Values))
        select new LabelSelectorRequirement { Key = key, Operator = op, Values = op is "In" or "NotIn" ? [.. values] : [] };

    private static readonly Gen<ImmutableSortedDictionary<string, string>> Maps =
        from keys in Gen.SubListOf(Keys)
        from values in Gen.ArrayOf(Gen.Elements(Values), Keys.Length)
        select keys.Index().ToImmutableSortedDictionary(pair => pair.Item, pair => values[pair.Index]);

    private static readonly Gen<(LabelSelector Selector, ImmutableSortedDictionary<string, string> Labels)> Cases =
        from labels in Maps
        from matchLabels in Maps
        from terms in Gen.ListOf(Terms)
        from withLabels in Gen.Elements(true, false)
        select (new LabelSelector { MatchLabels = withLabels ? matchLabels : matchLabels.Clear(), MatchExpressions = [.. terms.Take(3)] }, labels);

    [Fact]
    public void Matches_AnySelectorAndLabels_AgreesWithTheOracle() =>
        Prop.ForAll(Cases.ToArbitrary(), item => Compile(item.Selector).Matches(item.Labels) == Oracle(item.Selector, item.Labels))
            .Check(Runs.Of(3000));

    [Fact]
    public void Demands_EachOfThem_HoldsForEveryMatch() =>
        Prop.ForAll(Cases.ToArbitrary(), item =>
        {
            var selector = Compile(item.Selector);
            return !selector.Matches(item.Labels)
                || selector.Demands.All(term => item.Labels.TryGetValue(term.Key, out var value) && (term.Operator == SelectorOperator.Exists || term.Values.Contains(value)));
        }).Check(Runs.Of(3000));

    [Fact]
    public void Parse_OfItsOwnText_MeansTheSame() =>
        Prop.ForAll(Cases.ToArbitrary(), item =>
        {
            var selector = Compile(item.Selector);
            var text = selector.Terms.IsEmpty ? string.Empty : selector.ToString();
            return SelectorText.Parse(text) is SelectorTextOutcome.Parsed parsed
                && Compile(parsed.LabelSelector).Matches(item.Labels) == selector.Matches(item.Labels);
        }).Check(Runs.Of(3000));

    [Fact]
    public void Parse_AnyText_NeverThrows()
    {
        var text = Gen.ListOf(Gen.Elements("a", "b/c", "in", "notin", "(", ")", ",", "=", "==", "!", "!=", " ", "<", "\t", "é", "x")).Select(parts => string.Concat(parts));
        Prop.ForAll(text.ToArbitrary(), item => SelectorText.Parse(item) is not null).Check(Runs.Of(3000));
    }

    [Fact]
    public void LabelSet_AnyLabels_FindsEachAndNoOther() =>
        Prop.ForAll(Maps.ToArbitrary(), map =>
        {
            var set = LabelSet.Of(map.Reverse());
            return Keys.All(key => set[key] == map.GetValueOrDefault(key)) && set.SequenceEqual(map) && set.Equals(LabelSet.Of(map));
        }).QuickCheckThrowOnFailure();

    private static bool Oracle(LabelSelector selector, ImmutableSortedDictionary<string, string> labels) =>
        selector.MatchLabels!.All(pair => labels.ContainsKey(pair.Key) && labels[pair.Key] == pair.Value)
        && selector.MatchExpressions!.Value.All(term => term.Operator switch
        {
            "In" => labels.ContainsKey(term.Key) && term.Values!.Value.Any(value => value == labels[term.Key]),
            "NotIn" => !labels.ContainsKey(term.Key) || term.Values!.Value.All(value => value != labels[term.Key]),
            "Exists" => labels.ContainsKey(term.Key),
            _ => !labels.ContainsKey(term.Key),
        });

    private static Selector Compile(LabelSelector selector) => ((SelectorOutcome.Compiled)Selector.TryCompile(selector)).Selector;
}
