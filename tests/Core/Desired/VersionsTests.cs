using Harmony.Fleet.Core.Aggregation;
using Harmony.Fleet.Core.Desired;
using static Harmony.Fleet.Tests.Core.Desired.Samples;

namespace Harmony.Fleet.Tests.Core.Desired;

/// <summary>Which versions of a deployment are known, and for how long.</summary>
public sealed class VersionsTests
{
    private readonly Versions versions = new(Entry(1, 1));

    [Fact]
    public void Newest_IsKnown_WhetherItIsGivenOrNot()
    {
        versions.NumberOf(Identity(1)).ShouldBe(versions.Current);
        versions.CurrentEntry.ScoreDigest.ShouldBe(DigestOf(1));
        versions.Names(Entry(1, 1).Address).ShouldBeTrue();
        versions.NumberOf(Identity(2)).ShouldBe(Versions.None);
    }

    [Fact]
    public void VersionBefore_IsNamed_UntilTheLastDeviceIsGivenAnother()
    {
        var first = versions.Current;
        versions.Give(Versions.None, first);
        versions.Give(Versions.None, first);
        versions.Take(Entry(1, 2));

        versions.EntryOf(first).ScoreDigest.ShouldBe(DigestOf(1));
        versions.Give(first, versions.Current).ShouldBeFalse("one more is given it");
        versions.Names(Entry(1, 1).Address).ShouldBeTrue();
        versions.Give(first, versions.Current).ShouldBeTrue();
        versions.Names(Entry(1, 1).Address).ShouldBeFalse();
        versions.NumberOf(Identity(1)).ShouldBe(Versions.None);
    }

    /// <summary>A device that says it later, when it is the newest again, is understood.</summary>
    [Fact]
    public void VersionBefore_ThatADeviceSpeaksOf_IsKnownByItsNumber_AndNamedByNone()
    {
        var first = versions.Current;
        versions.Give(Versions.None, first);
        versions.Say(Versions.None, first);
        versions.Take(Entry(1, 2));
        versions.Give(first, versions.Current).ShouldBeTrue();

        (versions.NumberOf(Identity(1)), versions.IdentityOf(first)).ShouldBe((first, Identity(1)));
        versions.Names(Entry(1, 1).Address).ShouldBeFalse();
        versions.Take(Entry(1, 1));
        versions.Current.ShouldBe(first);
        versions.Names(Entry(1, 1).Address).ShouldBeTrue();

        versions.Take(Entry(1, 2));
        versions.Say(first, Versions.None);
        versions.NumberOf(Identity(1)).ShouldBe(Versions.None);
    }

    [Fact]
    public void Newest_ThatNoDeviceIsGivenAnyMore_IsStillNamed()
    {
        versions.Give(Versions.None, versions.Current);
        versions.Give(versions.Current, Versions.None).ShouldBeFalse();

        versions.Names(Entry(1, 1).Address).ShouldBeTrue();
    }

    /// <summary>The same version under another address.</summary>
    [Fact]
    public void Take_SameVersionElsewhere_NamesThat()
    {
        var moved = Entry(1, 1) with { Address = DigestOf(77) };
        versions.Take(moved);

        (versions.Names(moved.Address), versions.Names(Entry(1, 1).Address)).ShouldBe((true, false));
        versions.CurrentEntry.ShouldBe(moved);
    }

    /// <summary>A deployment may be changed for years: a number whose version is forgotten is given again, and never that of one which is known.</summary>
    [Fact]
    public void Take_MoreOftenThanThereAreNumbers_GivesThoseThatAreFree()
    {
        var kept = versions.Current;
        versions.Say(Versions.None, kept);
        for (var number = 2; number < 70_000; number++)
        {
            versions.Take(Entry(1, number));
            versions.Current.ShouldNotBe(kept);
        }

        versions.IdentityOf(kept).ShouldBe(Identity(1));
        versions.NumberOf(Identity(69_999)).ShouldBe(versions.Current);
    }

    private static ScoreIdentity Identity(int version) => new("u", DigestOf(version));
}
