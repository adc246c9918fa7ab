using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;

namespace Harmony.Fleet.Tests.Core.Conditions;

public sealed class ConditionSetTests
{
    private static readonly DateTimeOffset Then = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    private static readonly Condition Ready = new() { Type = "Ready", Status = ConditionStatus.True };

    [Fact]
    public void With_StatusThatStays_KeepsItsTransitionTimeAndTheArray()
    {
        var first = ImmutableArray<Condition>.Empty.With(Ready, Then);
        first.With(Ready, Then.AddHours(1)).ShouldBe(first);
        first.With(Ready with { Message = "m" }, Then.AddHours(1)).ShouldHaveSingleItem().LastTransitionTime.ShouldBe(Then);
        first.With(Ready with { Status = ConditionStatus.False }, Then.AddHours(1)).ShouldHaveSingleItem().LastTransitionTime.ShouldBe(Then.AddHours(1));
    }

    /// <summary>What is stored may hold nulls, whoever wrote them.</summary>
    [Fact]
    public void Conditions_WithANullAmongThem_AreReadAndChanged()
    {
        ImmutableArray<Condition> stored = [null!, Ready];
        stored.Of("Other").ShouldBeNull();
        stored.Of("Ready").ShouldBe(Ready);
        stored.With(Ready with { Type = "Other" }, Then).Of("Other").ShouldNotBeNull();
        stored.With(Ready with { Message = "m" }, Then).Of("Ready")!.Message.ShouldBe("m");
        stored.Without("Ready").Of("Ready").ShouldBeNull();
        stored.Without("Other").Length.ShouldBe(2);
    }
}
