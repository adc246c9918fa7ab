using Harmony.Fleet.Cli.Parsing;

namespace Harmony.Fleet.Tests.Cli.Parsing;

public sealed class SuggestionTests
{
    private static readonly string[] Words = ["apply", "delete", "deployments", "get", "image", "namespace"];

    [Theory]
    [InlineData("aply", "apply")]
    [InlineData("APPLY", "apply")]
    [InlineData("iamge", "image")]
    [InlineData("imag", "image")]
    [InlineData("gte", "get")]
    [InlineData("dele", "delete")]
    [InlineData("deploy", "deployments")]
    [InlineData("nmaespace", "namespace")]
    public void Word_CloseToAnother_IsGuessed(string typed, string meant) => Suggestion.For(typed, Words).ShouldBe(meant);

    [Theory]
    [InlineData("frobnicate")]
    [InlineData("x")]
    [InlineData("")]
    public void Word_CloseToNone_IsNotGuessed(string typed) => Suggestion.For(typed, Words).ShouldBeNull();

    [Fact]
    public void Word_OfAMegabyte_IsNotMeasured() => Suggestion.For(new string('a', 1 << 20), Words).ShouldBeNull();
}
