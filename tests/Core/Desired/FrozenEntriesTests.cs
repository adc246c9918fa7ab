using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Desired;

namespace Harmony.Fleet.Tests.Core.Desired;

public sealed class FrozenEntriesTests
{
    private readonly FrozenEntries frozen = new();

    [Fact]
    public void Frozen_StaysInTheManifestsThatNameIt()
    {
        frozen.Freeze(Samples.Key(1), "u");
        frozen.See(Samples.Device(1), [Samples.Entry(1, 1), Samples.Entry(2, 1)]);
        frozen.AddTo(Samples.Device(1), [Samples.Entry(0, 1), Samples.Entry(2, 2)]).ShouldBe([Samples.Entry(0, 1), Samples.Entry(1, 1), Samples.Entry(2, 2)], new Same());
        frozen.AddTo(Samples.Device(2), [Samples.Entry(2, 1)]).ShouldBe([Samples.Entry(2, 1)], new Same());
        frozen.Names(Samples.Entry(1, 1).Address).ShouldBeTrue();
        frozen.Names(Samples.Entry(2, 2).Address).ShouldBeFalse();
    }

    [Fact]
    public void Thawed_LeavesTheManifests_AndTheirDevicesMoved()
    {
        frozen.Freeze(Samples.Key(1), "u");
        frozen.See(Samples.Device(1), [Samples.Entry(1, 1)]);
        frozen.TakeMoved().ShouldBeEmpty();
        frozen.Thaw(Samples.Key(1));
        frozen.AddTo(Samples.Device(1), []).ShouldBeEmpty();
        frozen.TakeMoved().ShouldBe([Samples.Device(1)]);
        frozen.TakeMoved().ShouldBeEmpty();
    }

    [Fact]
    public void MadeAnewUnderTheSameName_IsAnother()
    {
        frozen.Freeze(Samples.Key(1), "new");
        frozen.See(Samples.Device(1), [Samples.Entry(1, 1, uid: "old")]);
        frozen.AddTo(Samples.Device(1), []).ShouldBeEmpty();
        frozen.Has(Samples.Key(1), "new").ShouldBeTrue();
        frozen.Has(Samples.Key(1), "old").ShouldBeFalse();
    }

    [Fact]
    public void Uid_IsOfTheDeploymentAsWhichManifestsNameIt_UntilNoneDoes()
    {
        frozen.Freeze(Samples.Key(1), uid: null);
        frozen.OwnerOf("u").ShouldBeNull();
        frozen.See(Samples.Device(1), [Samples.Entry(1, 1, uid: "u")]);
        frozen.See(Samples.Device(2), [Samples.Entry(1, 1, uid: "u")]);
        frozen.See(Samples.Device(2), [Samples.Entry(1, 1, uid: "u")]);

        frozen.OwnerOf("u").ShouldBe(Samples.Key(1));
        frozen.Forget(Samples.Device(1));
        frozen.OwnerOf("u").ShouldBe(Samples.Key(1));
        frozen.Thaw(Samples.Key(1));
        frozen.OwnerOf("u").ShouldBeNull();
    }

    [Fact]
    public void FrozenAgain_KeepsWhatWasSeen()
    {
        frozen.Freeze(Samples.Key(1), "u");
        frozen.See(Samples.Device(1), [Samples.Entry(1, 1)]);
        frozen.Freeze(Samples.Key(1), "u");
        frozen.AddTo(Samples.Device(1), []).Length.ShouldBe(1);
    }

    [Fact]
    public void UidNotKnown_StaysWhicheverItIs()
    {
        frozen.Freeze(Samples.Key(1), uid: null);
        frozen.See(Samples.Device(1), [Samples.Entry(1, 1, uid: "any")]);
        frozen.AddTo(Samples.Device(1), []).Length.ShouldBe(1);
    }

    [Fact]
    public void UidComesToBeKnown_KeepsItsOwnAndDropsOthers()
    {
        frozen.Freeze(Samples.Key(1), uid: null);
        frozen.See(Samples.Device(1), [Samples.Entry(1, 1, uid: "u")]);
        frozen.See(Samples.Device(2), [Samples.Entry(1, 1, uid: "old")]);
        frozen.Freeze(Samples.Key(1), "u");
        frozen.AddTo(Samples.Device(1), []).Length.ShouldBe(1);
        frozen.AddTo(Samples.Device(2), []).ShouldBeEmpty();
        frozen.TakeMoved().ShouldBe([Samples.Device(2)]);
    }

    [Fact]
    public void DeviceIsGone_NothingIsKeptForIt()
    {
        frozen.Freeze(Samples.Key(1), "u");
        frozen.See(Samples.Device(1), [Samples.Entry(1, 1)]);
        frozen.Forget(Samples.Device(1));
        frozen.AddTo(Samples.Device(1), []).ShouldBeEmpty();
    }

    [Fact]
    public void Names_AScore_AsLongAsAManifestKeepsIt()
    {
        var (old, next) = (Samples.Entry(1, 1), Samples.Entry(1, 2));
        frozen.Freeze(Samples.Key(1), "u");
        frozen.See(Samples.Device(1), [old]);
        frozen.See(Samples.Device(2), [old]);
        frozen.See(Samples.Device(1), [next]);
        (frozen.Names(old.Address), frozen.Names(next.Address)).ShouldBe((true, true));
        frozen.AddTo(Samples.Device(1), []).ShouldHaveSingleItem().Address.ShouldBe(next.Address);

        frozen.Forget(Samples.Device(2));
        (frozen.Names(old.Address), frozen.Names(next.Address)).ShouldBe((false, true));
        frozen.Thaw(Samples.Key(1));
        frozen.Names(next.Address).ShouldBeFalse();
    }

    [Fact]
    public void DevicesAndDeployments_AreThoseThatAreKept()
    {
        frozen.Freeze(Samples.Key(1), "u");
        frozen.Freeze(Samples.Key(2), "u");
        frozen.See(Samples.Device(1), [Samples.Entry(1, 1), Samples.Entry(2, 1)]);
        frozen.See(Samples.Device(2), [Samples.Entry(1, 1)]);
        frozen.DevicesOf(Samples.Key(1)).ShouldBe([Samples.Device(1), Samples.Device(2)], ignoreOrder: true);
        frozen.DeploymentsOf(Samples.Device(1)).ShouldBe([Samples.Key(1), Samples.Key(2)], ignoreOrder: true);

        frozen.Freeze(Samples.Key(1), "u");
        frozen.DevicesOf(Samples.Key(1)).ShouldBe([Samples.Device(1), Samples.Device(2)], ignoreOrder: true);
        frozen.Forget(Samples.Device(2));
        frozen.DevicesOf(Samples.Key(1)).ShouldBe([Samples.Device(1)]);
        frozen.Thaw(Samples.Key(1));
        frozen.DevicesOf(Samples.Key(1)).ShouldBeEmpty();
        frozen.DeploymentsOf(Samples.Device(1)).ShouldBe([Samples.Key(2)]);
        frozen.AddTo(Samples.Device(1), []).ShouldHaveSingleItem().Name.ShouldBe(Samples.Key(2).Name);
    }

    [Fact]
    public void FullDevice_KeepsWhatRuns()
    {
        frozen.Freeze(Samples.Key(999), "u");
        frozen.See(Samples.Device(1), [Samples.Entry(999, 1)]);
        var all = frozen.AddTo(Samples.Device(1), [.. Enumerable.Range(1, WireLimits.MaxDeploymentsPerDevice).Select(number => Samples.Entry(number, 1))]);
        all.Length.ShouldBe(WireLimits.MaxDeploymentsPerDevice);
        all.ShouldContain(entry => entry.Name == Samples.Key(999).Name);
    }

    private sealed class Same : IEqualityComparer<ManifestEntry>
    {
        public bool Equals(ManifestEntry? x, ManifestEntry? y) => x! with { Key = [] } == y! with { Key = [] };

        public int GetHashCode(ManifestEntry obj) => obj.Name.GetHashCode();
    }
}
