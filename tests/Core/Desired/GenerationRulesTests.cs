using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Desired;

namespace Harmony.Fleet.Tests.Core.Desired;

public sealed class GenerationRulesTests
{
    private const long Term = GenerationRules.MaxTermJump;
    private const long Counter = GenerationRules.MaxCounterJump;

    [Theory]
    [InlineData(7 + Term, 1, true)]
    [InlineData(7 + Term + 1, 1, false)]
    [InlineData(7, Counter, true)]
    [InlineData(7, Counter + 1, false)]
    [InlineData(8, 0, true)]
    [InlineData(7, -1, false)]
    public void IsWithinBounds_WithoutAnyOfOurs_GoesByTheTerm(long term, long counter, bool expected) =>
        GenerationRules.IsWithinBounds(7, null, new(term, counter)).ShouldBe(expected);

    [Theory]
    [InlineData(9, 40 + Counter, true)]
    [InlineData(9, 41 + Counter, false)]
    [InlineData(10, Counter, true)]
    [InlineData(10, Counter + 1, false)]
    [InlineData(9 + Term, 0, true)]
    [InlineData(10 + Term, 0, false)]
    public void IsWithinBounds_WithOneOfOurs_GoesByTheLaterTermAndItsCounter(long term, long counter, bool expected) =>
        GenerationRules.IsWithinBounds(7, new(9, 40), new(term, counter)).ShouldBe(expected);

    [Fact]
    public void Next_IsAfterTheFloor_AndNeverOfAnEarlierTerm()
    {
        GenerationRules.Next(7, null).ShouldBe(new Generation(7, 1));
        GenerationRules.Next(7, new(6, 40)).ShouldBe(new Generation(7, 1));
        GenerationRules.Next(7, new(7, 40)).ShouldBe(new Generation(7, 41));
        GenerationRules.Next(7, new(9, 40)).ShouldBe(new Generation(9, 41));
    }

    [Fact]
    public void Next_AfterTheLast_IsNone()
    {
        GenerationRules.Next(7, new(7, WireLimits.MaxGenerationPart - 1)).ShouldBe(new Generation(7, WireLimits.MaxGenerationPart));
        GenerationRules.Next(7, new(7, WireLimits.MaxGenerationPart)).ShouldBeNull();
    }
}
