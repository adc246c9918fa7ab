using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Aggregation;
using Harmony.Fleet.Core.Desired;

namespace Harmony.Fleet.Tests.Core.Desired;

public sealed class StandingEntriesTests
{
    private static readonly Generation First = new(2, 4);
    private readonly StandingEntries standing = new();

    [Fact]
    public void Found_StandsAsTheLastManifestSays()
    {
        Find(1, Samples.Entry(1, 1), Samples.Entry(2, 1));
        standing.KeysOf(Samples.Device(1)).ShouldBe([Samples.Key(1), Samples.Key(2)], ignoreOrder: true);
        standing.FoundOn(Samples.Device(1), Samples.Key(1)).ShouldBe(First);

        Find(1, Samples.Entry(2, 2));
        standing.KeysOf(Samples.Device(1)).ShouldBe([Samples.Key(2)]);
        AddressOf(1, 2).ShouldBe(Samples.Entry(2, 2).Address);
        standing.DevicesOf(Samples.Key(1)).ShouldBeEmpty();

        standing.Find(Samples.Device(1), [], First, isLost: false);
        standing.IsEmpty.ShouldBeTrue();
    }

    /// <summary>That nobody knew of its manifest when it was found is so however often it is read.</summary>
    [Fact]
    public void Lost_IsSoUntilAnotherOneStands()
    {
        standing.Find(Samples.Device(1), [Samples.Entry(1, 1, uid: "u")], First, isLost: true);
        Find(1, Samples.Entry(1, 2, uid: "u"));
        standing.EntryOf(Samples.Device(1), Samples.Key(1))!.Value.IsLost.ShouldBeTrue();
        Find(1, Samples.Entry(1, 2, uid: "another"));
        standing.EntryOf(Samples.Device(1), Samples.Key(1))!.Value.IsLost.ShouldBeFalse();
    }

    [Fact]
    public void Parted_StandsAsItWasFound_OrElseAsItWasGiven()
    {
        Find(1, Samples.Entry(1, 1));
        standing.Part(Samples.Device(1), Samples.Key(1), Samples.Entry(1, 2), isLost: false);
        standing.Part(Samples.Device(1), Samples.Key(2), Samples.Entry(2, 2), isLost: false);
        (AddressOf(1, 1), AddressOf(1, 2)).ShouldBe((Samples.Entry(1, 1).Address, Samples.Entry(2, 2).Address));
        standing.FoundOn(Samples.Device(1), Samples.Key(2)).ShouldBeNull();
    }

    [Fact]
    public void OlderCopy_SaysNothingOfWhatIsKnown()
    {
        Find(1, Samples.Entry(1, 1));
        standing.FindPast(Samples.Device(1), Samples.Entry(1, 2));
        standing.FindPast(Samples.Device(1), Samples.Entry(2, 2));
        (AddressOf(1, 1), AddressOf(1, 2)).ShouldBe((Samples.Entry(1, 1).Address, Samples.Entry(2, 2).Address));
        standing.EntryOf(Samples.Device(1), Samples.Key(2))!.Value.IsPast.ShouldBeTrue();

        standing.Part(Samples.Device(1), Samples.Key(2), Samples.Entry(2, 3), isLost: false);
        AddressOf(1, 2).ShouldBe(Samples.Entry(2, 3).Address);
    }

    [Fact]
    public void Written_KeepsWhatItNames_AndOnlyWhatIsIssuedIsFoundNoMore()
    {
        Find(1, Samples.Entry(1, 1), Samples.Entry(2, 1));
        standing.Hear(Samples.Device(1), Said(3, "u"));

        standing.Write(Samples.Device(1), [(Samples.Entry(1, 1), false)], isIssued: false);
        standing.KeysOf(Samples.Device(1)).ShouldBe([Samples.Key(1), Samples.Key(2)], ignoreOrder: true);
        standing.IsStoredOn(Samples.Device(1), Samples.Key(1)).ShouldBeTrue();
        standing.IsStoredOn(Samples.Device(1), Samples.Key(2)).ShouldBeTrue("what is given, too, while it stands for one that is kept");
        standing.TakeDropped().ShouldBe([(Samples.Key(3), "u")]);

        standing.Write(Samples.Device(1), [(Samples.Entry(1, 1), false)], isIssued: true);
        standing.KeysOf(Samples.Device(1)).ShouldBe([Samples.Key(1)]);
        standing.IsStoredOn(Samples.Device(1), Samples.Key(1)).ShouldBeFalse();
        AddressOf(1, 1).ShouldBe(Samples.Entry(1, 1).Address);
        standing.Write(Samples.Device(9), [], isIssued: true);
    }

    /// <summary>What is not stored any more is found all the same.</summary>
    [Fact]
    public void Unstored_IsFound_AndNamedByNoManifest()
    {
        Find(1, Samples.Entry(1, 1));
        standing.Unstore(Samples.Device(1));
        standing.Unstore(Samples.Device(2));
        (standing.IsStoredOn(Samples.Device(1), Samples.Key(1)), standing.FoundOn(Samples.Device(1), Samples.Key(1))).ShouldBe((false, First));
    }

    [Fact]
    public void Uid_IsOfTheDeploymentAsWhichManifestsNameIt_UntilNoneDoes()
    {
        standing.OwnerOf("u").ShouldBeNull();
        Find(1, Samples.Entry(1, 1, uid: "u"));
        Find(2, Samples.Entry(1, 1, uid: "u"));
        Find(2, Samples.Entry(1, 1, uid: "u"));
        (standing.OwnerOf("u"), standing.CountOf(Samples.Key(1), "u")).ShouldBe((Samples.Key(1), 2));

        standing.Forget(Samples.Device(1));
        (standing.OwnerOf("u"), standing.CountOf(Samples.Key(1), "u")).ShouldBe((Samples.Key(1), 1));
        standing.Forget(Samples.Device(2));
        (standing.OwnerOf("u"), standing.IsNamed(Samples.Key(1), "u")).ShouldBe((null, false));
        standing.TakeDropped().ShouldBe([(Samples.Key(1), "u")]);
        standing.TakeDropped().ShouldBeEmpty();
    }

    [Fact]
    public void Names_AScore_AsLongAsSomethingStandsThatNamesIt()
    {
        var (old, next) = (Samples.Entry(1, 1), Samples.Entry(1, 2));
        Find(1, old);
        Find(2, old);
        Find(1, next);
        (standing.Names(old.Address), standing.Names(next.Address)).ShouldBe((true, true));
        standing.Forget(Samples.Device(2));
        (standing.Names(old.Address), standing.Names(next.Address)).ShouldBe((false, true));
        standing.Write(Samples.Device(1), [], isIssued: true);
        standing.Names(next.Address).ShouldBeFalse();
        standing.IsEmpty.ShouldBeTrue();
    }

    /// <summary>Of what a device alone says its last word counts.</summary>
    [Fact]
    public void Claims_AreWhatTheDeviceSaidLast()
    {
        standing.Hear(Samples.Device(1), Said(1, "a"));
        standing.Hear(Samples.Device(2), Said(1, "a"));
        standing.ClaimantsOf(Samples.Key(1)).ShouldBe([Samples.Device(1), Samples.Device(2)], ignoreOrder: true);
        standing.Hear(Samples.Device(1), Said(1, "b"));
        (standing.ClaimOf(Samples.Device(1), Samples.Key(1))!.Uid, standing.IsNamed(Samples.Key(1), "a")).ShouldBe(("b", true));
        standing.TakeDropped().ShouldBe([(Samples.Key(1), "a")]);

        standing.Forget(Samples.Device(2));
        standing.IsNamed(Samples.Key(1), "a").ShouldBeFalse();
        standing.OwnerOf("b").ShouldBeNull("a device says what it likes");
        standing.Hear(Samples.Device(1), new Dictionary<DeploymentKey, ScoreIdentity>());
        standing.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Lose_MarksWhatStandsOfIt()
    {
        Find(1, Samples.Entry(1, 1), Samples.Entry(2, 1));
        standing.Hear(Samples.Device(2), Said(1, "u"));
        standing.Lose(Samples.Key(1));
        standing.EntryOf(Samples.Device(1), Samples.Key(1))!.Value.IsLost.ShouldBeTrue();
        standing.EntryOf(Samples.Device(1), Samples.Key(2))!.Value.IsLost.ShouldBeFalse();
        standing.Hear(Samples.Device(2), Said(1, "u"));
        standing.ClaimOf(Samples.Device(2), Samples.Key(1))!.IsLost.ShouldBeTrue("it says the same again");
        standing.Hear(Samples.Device(2), Said(1, "v"));
        standing.ClaimOf(Samples.Device(2), Samples.Key(1))!.IsLost.ShouldBeFalse();
    }

    [Fact]
    public void Moved_AreToldOnce()
    {
        standing.Move(Samples.Device(1));
        standing.TakeMoved().ShouldBe([Samples.Device(1)]);
        standing.TakeMoved().ShouldBeEmpty();
    }

    private static Dictionary<DeploymentKey, ScoreIdentity> Said(int number, string uid) => new() { [Samples.Key(number)] = new(uid, Digest.Of("score"u8)) };

    private Digest AddressOf(int device, int number) => standing.EntryOf(Samples.Device(device), Samples.Key(number))!.Value.Entry.Address;

    private void Find(int device, params ManifestEntry[] entries) => standing.Find(Samples.Device(device), [.. entries], First, isLost: false);
}
