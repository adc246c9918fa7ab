using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Tests.Core.Outcomes;

public sealed class OutcomeTests
{
    [Fact]
    public void Value_IsOk_WithoutAFault()
    {
        Outcome<int> outcome = 7;

        outcome.IsOk.ShouldBeTrue();
        outcome.Value.ShouldBe(7);
        outcome.Fault.ShouldBeNull();
    }

    [Fact]
    public void Fault_IsNotOk_AndHasNoValue()
    {
        var fault = Fault.Invalid("no port");
        Outcome<int> outcome = fault;

        outcome.IsOk.ShouldBeFalse();
        outcome.Value.ShouldBe(0);
        outcome.Fault.ShouldBe(fault);
    }

    [Fact]
    public void Of_NullAndInterfaces_IsOk()
    {
        Outcome.Of<string?>(null).IsOk.ShouldBeTrue();
        Outcome.Of<IReadOnlyList<int>>([1]).Value.ShouldBe([1]);
    }

    [Theory]
    [InlineData("it broke", "", "it broke")]
    [InlineData("it broke", "mend it", "it broke: mend it")]
    public void Fault_Text_IsOneSentence(string what, string advice, string text) => Fault.Permanent(what, advice).ToString().ShouldBe(text);

    [Theory]
    [InlineData(FaultKind.Permanent, false)]
    [InlineData(FaultKind.Invalid, false)]
    [InlineData(FaultKind.NotFound, false)]
    [InlineData(FaultKind.Conflict, false)]
    [InlineData(FaultKind.NotAllowed, false)]
    [InlineData(FaultKind.Unreachable, true)]
    [InlineData(FaultKind.TimedOut, true)]
    [InlineData(FaultKind.Transient, true)]
    public void Fault_OfEachKind_SaysWhetherItPasses(FaultKind kind, bool passes) => new Fault(kind, "x").IsTransient.ShouldBe(passes);
}
