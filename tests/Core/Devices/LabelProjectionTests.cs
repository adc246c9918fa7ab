using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Devices;

namespace Harmony.Fleet.Tests.Core.Devices;

public sealed class LabelProjectionTests
{
    [Fact]
    public void With_BothSayTheSameKey_AdministratorWins()
    {
        var reported = LabelProjection.Reported([new("zone", "x"), new("group", "device")]);
        var spec = LabelProjection.Administrators([new("group", "admin"), new("a", "1")]);

        reported.Kept.With(spec.Kept).WithIdentity(DeviceId.Parse("pi-1")).ShouldBe([new("a", "1"), new("device-id", "pi-1"), new("group", "admin"), new("zone", "x")]);
        reported.Kept.ShouldBe([new("group", "device"), new("zone", "x")]);
        reported.Rejected.ShouldBeEmpty();
        spec.Rejected.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("device-id", "pi-2", "device-id: only the control plane sets it")]
    [InlineData("fleet.nationtech.io/role", "x", "fleet.nationtech.io/role: only the control plane sets it")]
    [InlineData("fleet.nationtech.i", "-", "fleet.nationtech.i: a value is empty, or has")]
    [InlineData("a b", "x", "a b: a key has letters")]
    [InlineData("a", "-", "a: a value is empty, or has")]
    [InlineData("a", null, "a: it has no value")]
    public void WhatNobodyMaySay_IsLeftOutAndTold(string key, string? value, string why)
    {
        KeyValuePair<string, string>[] said = [new(key, value!), new("ok", "1")];
        foreach (var sifted in new[] { LabelProjection.Administrators(said), LabelProjection.Reported(said) })
        {
            sifted.Kept.ShouldBe([new("ok", "1")]);
            sifted.Rejected.ShouldHaveSingleItem().ShouldStartWith(why);
        }
    }

    [Fact]
    public void Reported_MoreThanADeviceMay_KeepsTheFirst()
    {
        var sifted = LabelProjection.Reported(Enumerable.Range(0, 100).Select(number => KeyValuePair.Create($"k{number:D3}", "v")));

        sifted.Kept.Count.ShouldBe(64);
        sifted.Kept["k063"].ShouldBe("v");
        sifted.Kept["k064"].ShouldBeNull();
        sifted.Rejected.Length.ShouldBe(16);
        LabelProjection.Administrators(Enumerable.Range(0, 100).Select(number => KeyValuePair.Create($"k{number:D3}", "v"))).Kept.Count.ShouldBe(100);
        sifted.Rejected[0].ShouldBe("k064: a device may report at most 64 labels");
    }

    [Theory]
    [InlineData(64, "")]
    [InlineData(65, "...")]
    public void Reported_LongBadKey_IsToldByItsBeginning(int length, string end) =>
        LabelProjection.Reported([new(new string('-', length), "x")]).Rejected.ShouldHaveSingleItem().ShouldStartWith($"{new string('-', 64)}{end}: a key ");
}
