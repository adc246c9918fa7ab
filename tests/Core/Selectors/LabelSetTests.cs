using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Tests.Core.Selectors;

public sealed class LabelSetTests
{
    private static readonly DeviceId Device = DeviceId.Parse("pi-1");
    private static readonly LabelSet Labels = LabelSet.Of([new("zone", "eu"), new("app", "web"), new("device-ic", "x"), new("device-ie", "y")]);

    /// <summary>As they are stored and compared: by key, the device's own name among them.</summary>
    [Fact]
    public void Labels_WithTheDevicesName_AreInTheOrderOfTheirKeys()
    {
        var named = Labels.WithIdentity(Device);

        named.ShouldBe([new("app", "web"), new("device-ic", "x"), new("device-id", "pi-1"), new("device-ie", "y"), new("zone", "eu")]);
        named.Count.ShouldBe(5);
        named.Shared.Count.ShouldBe(4);
        (named["device-id"], named["app"], named["zone"], named["none"]).ShouldBe(("pi-1", "web", "eu", null));
        (Labels["device-id"], Labels.Count).ShouldBe((null, 4));
    }

    [Fact]
    public void Of_WithTheDevicesName_IsTheSameAsWithIdentity()
    {
        var read = LabelSet.Of(Labels.WithIdentity(Device));

        read.ShouldBe(Labels.WithIdentity(Device));
        read.Equals(Labels.WithIdentity(Device)).ShouldBeTrue();
        read.GetHashCode().ShouldBe(Labels.WithIdentity(Device).GetHashCode());
        read.WithoutIdentity().Equals(Labels).ShouldBeTrue();
        Labels.WithoutIdentity().ShouldBeSameAs(Labels);
        LabelSet.Of([]).ShouldBeSameAs(LabelSet.Empty);
    }

    [Fact]
    public void Equals_OfAnythingElse_IsFalse()
    {
        LabelSet[] others =
        [
            LabelSet.Empty, Labels.WithIdentity(Device), LabelSet.Of([new("zone", "us"), new("app", "web"), new("device-ic", "x"), new("device-ie", "y")]), LabelSet.Of([new("zone", "eu")]),
        ];
        foreach (var other in others)
        {
            Labels.Equals(other).ShouldBeFalse();
            other.GetHashCode().ShouldNotBe(Labels.GetHashCode());
        }

        Labels.Equals((object?)null).ShouldBeFalse();
        Labels.WithIdentity(Device).Equals(Labels.WithIdentity(DeviceId.Parse("pi-2"))).ShouldBeFalse();
    }

    [Fact]
    public void With_StrongerOnes_TheyWin()
    {
        Labels.With(LabelSet.Of([new("app", "api"), new("b", "1")]))
            .ShouldBe([new("app", "api"), new("b", "1"), new("device-ic", "x"), new("device-ie", "y"), new("zone", "eu")]);
        Labels.With(LabelSet.Empty).ShouldBeSameAs(Labels);
        LabelSet.Empty.With(Labels).ShouldBeSameAs(Labels);
    }

    [Fact]
    public void IsSameAs_JustThese()
    {
        var same = Labels.ToDictionary();
        same.ShouldBe(Labels);
        Labels.IsSameAs(same).ShouldBeTrue();
        Labels.IsSameAs(same.Add("b", "1")).ShouldBeFalse();
        Labels.IsSameAs(same.Remove("app")).ShouldBeFalse();
        Labels.IsSameAs(same.SetItem("app", "api")).ShouldBeFalse();
        Labels.IsSameAs(same.Remove("app").Add("b", null!)).ShouldBeFalse();
    }
}
