using System.Collections.Immutable;
using System.Text.Json;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Tests.Core.Selectors;

public sealed class SelectorTests
{
    private static readonly LabelSet Labels = LabelSet.Of([new("group", "a"), new("tier", ""), new("example.com/zone", "eu-1")]);

    [Theory]
    [InlineData("group", "In", "a,b", true)]
    [InlineData("group", "In", "b", false)]
    [InlineData("absent", "In", "a", false)]
    [InlineData("tier", "In", "", true)]
    [InlineData("group", "NotIn", "a", false)]
    [InlineData("group", "NotIn", "b", true)]
    [InlineData("absent", "NotIn", "a", true)]
    [InlineData("example.com/zone", "Exists", null, true)]
    [InlineData("absent", "Exists", null, false)]
    [InlineData("tier", "DoesNotExist", null, false)]
    [InlineData("absent", "DoesNotExist", null, true)]
    public void Matches_OneTerm_HasKubernetesMeaning(string key, string op, string? values, bool expected) =>
        Compile(Term(key, op, values)).Matches(Labels).ShouldBe(expected);

    [Fact]
    public void Matches_NoTerms_MatchesEverything()
    {
        Compile(new LabelSelector()).Matches(Labels).ShouldBeTrue();
        Compile(new LabelSelector()).Matches(LabelSet.Empty).ShouldBeTrue();
        Compile(new LabelSelector()).ToString().ShouldBe("everything");
    }

    [Fact]
    public void Matches_SeveralTerms_AllMustHold()
    {
        var selector = Term("absent", "DoesNotExist", null) with { MatchLabels = Map(("group", "a")) };
        Compile(selector).Matches(Labels).ShouldBeTrue();
        Compile(selector with { MatchLabels = Map(("group", "a"), ("tier", "x")) }).Matches(Labels).ShouldBeFalse();
        Compile(selector).ToString().ShouldBe("group=a,!absent");
    }

    [Theory]
    [InlineData("group", "Inn", "a", "matchExpressions[0].operator: Invalid value: \"Inn\": not a valid selector operator")]
    [InlineData("group", "in", "a", "matchExpressions[0].operator: Invalid value: \"in\": not a valid selector operator")]
    [InlineData("group", "0", "a", "matchExpressions[0].operator: Invalid value: \"0\": not a valid selector operator")]
    [InlineData("group", "In", null, "matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'")]
    [InlineData("group", "NotIn", null, "matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'")]
    [InlineData("group", "Exists", "a", "matchExpressions[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'")]
    [InlineData("group", "DoesNotExist", "a", "matchExpressions[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'")]
    [InlineData("", "Exists", null, "matchExpressions[0].key: Invalid value: \"\": a key is empty")]
    public void TryCompile_InvalidTerm_SaysWhatKubernetesSays(string key, string op, string? values, string message) =>
        Errors(Term(key, op, values)).ShouldHaveSingleItem().ShouldBe(message);

    [Fact]
    public void TryCompile_InvalidLabelsAndValues_NamesEach()
    {
        var errors = Errors(Term("ok", "In", "good,-bad") with { MatchLabels = Map(("a/b/c", "x"), ("k", "sp ace")) }, "spec.targetSelector");

        errors.Length.ShouldBe(3);
        errors[0].ShouldStartWith("spec.targetSelector.matchLabels: Invalid value: \"a/b/c\": a key has at most one '/'");
        errors[1].ShouldStartWith("spec.targetSelector.matchLabels: Invalid value: \"sp ace\": a value is empty, or has letters, digits, ");
        errors[2].ShouldStartWith("spec.targetSelector.matchExpressions[0].values[1]: Invalid value: \"-bad\": a value is empty");
    }

    [Fact]
    public void TryCompile_NullsFromJson_AreErrorsAndNoCrash()
    {
        var selector = new LabelSelector
        {
            MatchLabels = Map(("a", null!)),
            MatchExpressions = [null!, new() { Key = "k", Operator = "In", Values = [null!] }],
        };

        Errors(selector).ShouldBe(
        [
            "matchLabels.a: Required value: a label's value is a string",
            "matchExpressions[0]: Required value: a term is an object",
            "matchExpressions[1].values[0]: Required value: a label's value is a string",
        ]);
    }

    [Theory]
    [InlineData("null", "at: Required value: say which devices; only an explicit {} means all of them")]
    [InlineData("""{"matchLabels":null}""", "at.matchLabels: Required value: it is null, which is no selector: leave it out, or say what must hold")]
    [InlineData("""{"matchLabels":null,"matchExpressions":null}""", "at.matchLabels: Required value: it is null, which is no selector: leave it out, or say what must hold")]
    [InlineData("""{"matchLabels":{"a":"b"},"matchExpressions":null}""", "at.matchExpressions: Required value: it is null, which is no selector: leave it out, or say what must hold")]
    [InlineData("""{"matchLabels":{"a":null}}""", "at.matchLabels.a: Required value")]
    [InlineData("""{"matchExpressions":[null]}""", "at.matchExpressions[0]: Required value")]
    [InlineData("""{"matchExpressions":[{}]}""", "at.matchExpressions[0].operator: Invalid value")]
    [InlineData("""{"matchExpressions":[{"key":null,"operator":"Exists"}]}""", "at.matchExpressions[0].key: Invalid value")]
    [InlineData("""{"matchExpressions":[{"key":"a","operator":null}]}""", "at.matchExpressions[0].operator: Invalid value")]
    [InlineData("""{"matchExpressions":[{"key":"a","operator":"NotIn","values":null}]}""", "at.matchExpressions[0].values: Required value")]
    [InlineData("""{"matchExpressions":[{"key":"a","operator":"Exists","values":null}]}""", "at.matchExpressions[0].values: Required value: it is null, which is no selector: leave it out, or say what must hold")]
    [InlineData("""{"matchExpressions":[{"key":"a","operator":"NotIn","values":[null]}]}""", "at.matchExpressions[0].values[0]: Required value")]
    public void TryCompile_NullAnywhere_IsNoSelector(string json, string error)
    {
        var selector = Read(json);
        Errors(selector, "at")[0].ShouldStartWith(error);
        // As it is stored and read again: a null that were left out in between would mean everything.
        Errors(Read(JsonSerializer.Serialize(new Deployment { Spec = new() { TargetSelector = selector } }, ContractsJson.Resources.Deployment), isResource: true), "at")[0].ShouldStartWith(error);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"matchLabels":{},"matchExpressions":[]}""")]
    public void TryCompile_ExplicitlyEmpty_MatchesEverything(string json) => Compile(Read(json)!).Matches(Labels).ShouldBeTrue();

    [Fact]
    public void TryCompile_LeftOut_IsNoSelector() => Errors(Read("{}", isResource: true), "at").ShouldHaveSingleItem();

    private static LabelSelector? Read(string json, bool isResource = false) =>
        JsonSerializer.Deserialize(isResource ? json : $$$"""{"spec":{"targetSelector":{{{json}}}}}""", ContractsJson.Resources.Deployment)!.Spec.TargetSelector;

    [Fact]
    public void TryCompile_TooManyTermsOrValues_Refuses()
    {
        var many = Enumerable.Range(0, 65).Select(number => new LabelSelectorRequirement { Key = $"k{number}", Operator = "Exists" });
        Errors(new LabelSelector { MatchExpressions = [.. many] }).ShouldHaveSingleItem().ShouldBe("matchExpressions: Too many: must have at most 64 terms, matchLabels counted");
        Compile(new LabelSelector { MatchExpressions = [.. many.Take(64)] }).Terms.Length.ShouldBe(64);
        Errors(new LabelSelector { MatchExpressions = [.. many.Take(64)], MatchLabels = Map(("a", "b")) }).ShouldHaveSingleItem();

        var values = string.Join(',', Enumerable.Range(0, 257));
        Errors(Term("k", "In", values)).ShouldHaveSingleItem().ShouldBe("matchExpressions[0].values: Too many: 257: must have at most 256 items");
        Compile(Term("k", "In", values[..^",256".Length])).Terms[0].Values.Length.ShouldBe(256);
    }

    [Fact]
    public void Demands_AreTheTermsThatWantALabel()
    {
        var selector = Term("zone", "In", "a,b,c") with { MatchLabels = Map(("group", "x")) };
        Compile(selector).Demands.Select(term => term.Key).ShouldBe(["group", "zone"]);
        Compile(Term("zone", "Exists", null)).Demands.ShouldHaveSingleItem().Key.ShouldBe("zone");
        Compile(Term("zone", "NotIn", "a")).Demands.ShouldBeEmpty();
        Compile(Term("zone", "DoesNotExist", null)).Demands.ShouldBeEmpty();
    }

    private static Selector Compile(LabelSelector selector) => Selector.TryCompile(selector).ShouldBeOfType<SelectorOutcome.Compiled>().Selector;

    private static string[] Errors(LabelSelector? selector, string path = "") =>
        [.. Selector.TryCompile(selector, path).ShouldBeOfType<SelectorOutcome.Invalid>().Errors.Select(error => error.ToString())];

    private static LabelSelector Term(string key, string op, string? values) =>
        new() { MatchExpressions = [new() { Key = key, Operator = op, Values = values is null ? [] : [.. values.Split(',')] }] };

    private static ImmutableSortedDictionary<string, string> Map(params (string Key, string Value)[] pairs) =>
        pairs.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value);
}
