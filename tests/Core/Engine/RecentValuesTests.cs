using Harmony.Fleet.Core.Engine;

namespace Harmony.Fleet.Tests.Core.Engine;

public sealed class RecentValuesTests
{
    private readonly RecentValues<Value> values = new();

    [Fact]
    public void Share_OfWhatCameByBefore_GivesThat()
    {
        var first = new Value(7, "a");
        values.Share(first).ShouldBeSameAs(first);

        values.Share(new Value(7, "a")).ShouldBeSameAs(first);
        values.Share(new Value(7, "b")).Text.ShouldBe("b");
        values.Share(new Value(7, "a")).ShouldBeSameAs(first);
    }

    /// <summary>Four of those that fall on one place are kept: that which did not come by for longest makes room.</summary>
    [Fact]
    public void Share_OfMoreThanThereIsRoomFor_KeepsTheNewest()
    {
        var all = "abcde".Select(letter => new Value(7, $"{letter}")).ToArray();
        foreach (var one in (int[])[0, 1, 2, 3, 0, 4])
        {
            values.Share(all[one]);
        }

        foreach (var kept in (int[])[0, 4, 3, 2])
        {
            values.Share(new Value(7, all[kept].Text)).ShouldBeSameAs(all[kept], all[kept].Text);
        }

        values.Share(new Value(7, "b")).ShouldNotBeSameAs(all[1]);
    }

    /// <summary>Each place has its own four, also the last one and those of which the hash is negative.</summary>
    [Fact]
    public void Share_OfWhatFallsOnOtherPlaces_TakesNoRoom()
    {
        var all = ((int[])[0, 1, 2, 3, 4, 1022, 1023, -2]).SelectMany(place => "abcd".Select(letter => new Value(place == -2 ? int.MinValue + 5 : place, $"{letter}"))).ToArray();
        foreach (var one in all)
        {
            values.Share(one);
        }

        all.ShouldAllBe(one => ReferenceEquals(values.Share(new Value(one.Hash, one.Text)), one));
    }

    private sealed record Value(int Hash, string Text)
    {
        public bool Equals(Value? other) => other?.Text == Text && other.Hash == Hash;

        public override int GetHashCode() => Hash;
    }
}
