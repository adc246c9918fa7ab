using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Tests.Contracts.Names;

public sealed class NaturalOrderTests
{
    [Fact]
    public void Names_AreOrderedAsPeopleCount()
    {
        string[] ordered = ["", "a", "a-1-b-9", "a-1-b-10", "a-2", "a-10", "a01", "a1", "a99999999999999999999", "a100000000000000000000", "b"];
        ordered.Reverse().Order(NaturalOrder.Names).ShouldBe(ordered);
    }

    [Fact]
    public void Order_TellsAllNamesApart() =>
        (NaturalOrder.Names.Compare("a1", "a01") != 0 && NaturalOrder.Names.Compare("a1", "a01") == -NaturalOrder.Names.Compare("a01", "a1")).ShouldBeTrue();
}
