using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Devices;

namespace Harmony.Fleet.Tests.Core.Devices;

public sealed class LabelProjectionTests
{
    [Fact]
    public void Project_BothSayTheSameKey_AdministratorWins()
    {
        var projected = Project([new("group", "admin")], [new("group", "device"), new("zone", "x")]);

        projected.Labels.ShouldBe([new("device-id", "pi-1"), new("group", "admin"), new("zone", "x")]);
        projected.Reported.ShouldBe([new("group", "device"), new("zone", "x")]);
        projected.Rejected.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("device-id", "pi-2", "device-id: only the control plane sets it")]
    [InlineData("fleet.nationtech.io/role", "x", "fleet.nationtech.io/role: only the control plane sets it")]
    [InlineData("a b", "x", "a b: a key has letters")]
    [InlineData("a", "-", "a: a value is empty, or has")]
    [InlineData("a", null, "a: it has no value")]
    public void Project_WhatNobodyMaySay_IsLeftOutAndTold(string key, string? value, string why)
    {
        foreach (var projected in new[] { Project([new(key, value!)], []), Project([], [new(key, value!), new("ok", "1")]) })
        {
            projected.Labels["device-id"].ShouldBe("pi-1");
            projected.Labels.Keys.ShouldBeSubsetOf(["device-id", "ok"]);
            projected.Rejected.ShouldHaveSingleItem().ShouldStartWith(why);
        }
    }

    [Fact]
    public void Project_MoreThanADeviceMayReport_KeepsTheFirst()
    {
        var projected = Project([], Enumerable.Range(0, 100).Select(number => KeyValuePair.Create($"k{number:D3}", "v")));

        projected.Reported.Count.ShouldBe(64);
        projected.Reported.ShouldContainKey("k063");
        projected.Rejected.Length.ShouldBe(16);
    }

    private static ProjectedLabels Project(IEnumerable<KeyValuePair<string, string>> administrators, IEnumerable<KeyValuePair<string, string>> reported) =>
        LabelProjection.Project(DeviceId.Parse("pi-1"), administrators, reported);
}
