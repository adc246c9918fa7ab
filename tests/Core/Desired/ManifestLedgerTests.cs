using System.Collections.Immutable;
using System.Text;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Desired;
using static Harmony.Fleet.Tests.Core.Desired.Samples;

namespace Harmony.Fleet.Tests.Core.Desired;

public sealed class ManifestLedgerTests
{
    private const long Term = 7;
    private static readonly ImmutableArray<ManifestEntry> One = [Entry(1, 1)];
    private static readonly ImmutableArray<ManifestEntry> Other = [Entry(1, 2)];
    private ManifestLedger ledger;
    private ulong revision;

    [Fact]
    public void Write_KnownManifest_IsTheGoldenText() =>
        Encoding.UTF8.GetString(ManifestDocument.Write(Device(1), new(7, 3), One)).ShouldBe(
            $$"""{"apiVersion":"fleet/v1","device":"pi-1","generation":{"term":7,"counter":3},"entries":[{"namespace":"default","name":"app-1","uid":"u","scoreDigest":"{{DigestOf(1)}}","address":"{{DigestOf(1_000_001)}}","key":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}]}""");

    [Fact]
    public void Decide_NothingStored_PutsTheFirstOfTheTerm()
    {
        var put = Put(One);

        put.Generation.ShouldBe(new Generation(Term, 1));
        put.Revision.ShouldBe(0UL);
        Store(put);
        Step(One).ShouldBeOfType<ManifestStep.Settled>();
    }

    [Fact]
    public void Decide_ContentDiffers_PutsTheNext()
    {
        Store(Put(One));
        var put = Put(Other);

        put.Generation.ShouldBe(new Generation(Term, 2));
        put.Revision.ShouldBe(revision);
    }

    [Fact]
    public void Decide_PutNotAcknowledged_PutsTheSameBytesAgain()
    {
        var first = Put(One);
        Put(One).Bytes.ShouldBe(first.Bytes);
    }

    [Fact]
    public void Decide_ContentChangesBackBeforeItWasStored_NeverReusesAGeneration()
    {
        var first = Put(One);
        var second = Put(Other);
        var third = Put(One);

        new[] { first.Generation, second.Generation, third.Generation }.ShouldBeUnique();
        third.Generation.ShouldBeGreaterThan(second.Generation);
    }

    /// <summary>What was issued is known by what it says, and not by which objects say it; and by their order.</summary>
    [Fact]
    public void Decide_TheSameByOtherObjects_IsSettled_AndInAnotherOrderIsNot()
    {
        Store(Put([Entry(1, 1), Entry(2, 1)]));

        Step([Entry(1, 1) with { }, Entry(2, 1) with { }]).ShouldBeOfType<ManifestStep.Settled>();
        Step([Entry(2, 1), Entry(1, 1)]).ShouldBeOfType<ManifestStep.Put>();
    }

    /// <summary>Its bytes are made anew: only their digest was kept.</summary>
    [Fact]
    public void Decide_LostFromTheBucketAfterALookThatWasSettled_PutsTheSameBytes()
    {
        var first = Put(One);
        Store(first);
        Step(One).ShouldBeOfType<ManifestStep.Settled>();

        ledger.See(StoredManifest.None);

        Put(One).Bytes.ShouldBe(first.Bytes);
    }

    [Fact]
    public void Decide_RestartWithSameContent_KeepsTheStoredGeneration()
    {
        var put = Put(One);
        Restart();
        Store(put);

        Step(One, Term + 1).ShouldBeOfType<ManifestStep.Settled>();
        Put(Other, Term + 1).Generation.ShouldBe(new Generation(Term + 1, 1));
    }

    [Fact]
    public void Decide_BucketLostWhileRunning_PutsTheSameBytes()
    {
        var put = Put(One);
        Store(put);
        Hold(put);
        ledger.See(StoredManifest.None);

        var again = Put(One);
        again.Bytes.ShouldBe(put.Bytes);
        again.Revision.ShouldBe(0UL);
    }

    [Fact]
    public void Decide_BucketLostAndRestarted_DeviceHoldsTheSame_PutsWhatItHolds()
    {
        var put = Put(One);
        Restart();
        Hold(put);

        Put(One, Term + 1).Bytes.ShouldBe(put.Bytes);
    }

    [Fact]
    public void Decide_BucketLostAndRestarted_NothingHeardYet_BeginsTheNewTerm() =>
        Put(One, Term + 1).Generation.ShouldBe(new Generation(Term + 1, 1));

    [Fact]
    public void Decide_ForeignValueStored_PutsOursOverIt()
    {
        var put = Put(One);
        Store(put);
        ledger.See(new(9, Digest.Of("foreign"u8), null));

        var again = Put(One);
        again.Bytes.ShouldBe(put.Bytes);
        again.Revision.ShouldBe(9UL);
    }

    [Fact]
    public void Decide_OurBytesWithAForeignMac_ArePutAgain()
    {
        var put = Put(One);
        ledger.See(new(9, put.Digest, null));

        Put(One).Revision.ShouldBe(9UL);
    }

    [Fact]
    public void Decide_OlderCopyOfTheBucket_PutsTheNewestAgain()
    {
        var old = Put(One);
        Store(old);
        var newest = Put(Other);
        Store(newest);
        ledger.See(new(1, old.Digest, old.Generation));

        Put(Other).Bytes.ShouldBe(newest.Bytes);
    }

    [Fact]
    public void Decide_DeviceHoldsANewerTerm_JumpsPastIt()
    {
        Hold(new(Term + 3, 40), DigestOf(5));
        Put(One).Generation.ShouldBe(new Generation(Term + 3, 41));
    }

    [Fact]
    public void Decide_DeviceHoldsTheSameGenerationWithOtherBytes_PutsTheNext()
    {
        var put = Put(One);
        Store(put);
        Hold(put.Generation, DigestOf(5));

        Put(One).Generation.ShouldBe(new Generation(Term, 2));
    }

    /// <summary>What it holds is wanted again, and another content was issued by its number meanwhile, though that may never have been stored: the bus may still get that.</summary>
    [Fact]
    public void Decide_DeviceHoldsWhatIsWantedByAGenerationThatWasIssuedForAnother_PutsTheNext()
    {
        Put(One).Generation.ShouldBe(new Generation(Term, 1));
        ledger.Hear(new(new Generation(Term, 1), Digest.Of(ManifestDocument.Write(Device(1), new(Term, 1), Other)), null));

        Put(Other).Generation.ShouldBe(new Generation(Term, 2));
    }

    [Fact]
    public void Decide_DeviceIsBehind_Waits()
    {
        var first = Put(One);
        Store(first);
        Store(Put(Other));
        Hold(first);

        Step(Other).ShouldBeOfType<ManifestStep.Settled>();
        ledger.IsTaken.ShouldBeFalse();
    }

    [Theory]
    [InlineData(Term + GenerationRules.MaxTermJump + 1, 1)]
    [InlineData(Term, GenerationRules.MaxCounterJump + 2)]
    [InlineData(WireLimits.MaxGenerationPart, WireLimits.MaxGenerationPart)]
    [InlineData(-1, 5)]
    [InlineData(long.MaxValue, long.MaxValue)]
    public void Decide_DeviceClaimsOutOfBounds_IsStuckOrIgnored(long term, long counter)
    {
        Store(Put(One));
        Hold(new(term, counter), DigestOf(5));
        var step = Step(One);

        (step is ManifestStep.Stuck || (term < 0 && step is ManifestStep.Settled)).ShouldBeTrue();
    }

    [Fact]
    public void Decide_HostileDeviceClaimsTheRightBytesFarAhead_IsStuckToo()
    {
        var far = new Generation(WireLimits.MaxGenerationPart, 1);
        Hold(far, Digest.Of(ManifestDocument.Write(Device(1), far, One)));

        Step(One).ShouldBeOfType<ManifestStep.Stuck>().Reason.ShouldContain("out of bounds");
    }

    [Fact]
    public void Decide_HostileDeviceClaimsEverMore_StaysWithinItsNumbers()
    {
        var generation = new Generation(Term, 1);
        for (var round = 0; round < 1000; round++)
        {
            Hold(generation, DigestOf(5));
            var put = Put(One);
            put.Generation.Term.ShouldBe(Term);
            put.Generation.IsValid.ShouldBeTrue();
            generation = put.Generation with { Counter = put.Generation.Counter + GenerationRules.MaxCounterJump };
        }
    }

    [Theory]
    [InlineData(RefusalReason.BadMac)]
    [InlineData(RefusalReason.ScoreMissing)]
    [InlineData(RefusalReason.Stale)]
    [InlineData(RefusalReason.Forked)]
    public void Decide_RefusedThoughRight_PutsAgainWithDoublingWaits(RefusalReason reason)
    {
        var put = Put(One);
        Store(put);
        ledger.Hear(new(null, null, new() { Reason = reason }));

        Store(Put(One));
        var later = Step(One).ShouldBeOfType<ManifestStep.Later>();
        later.NotBefore.ShouldBe(Start.AddSeconds(5));
        Step(One, now: later.NotBefore).ShouldBeOfType<ManifestStep.Put>().Bytes.ShouldBe(put.Bytes);
        Step(One, now: later.NotBefore).ShouldBeOfType<ManifestStep.Later>().NotBefore.ShouldBe(later.NotBefore.AddSeconds(10));
    }

    [Theory]
    [InlineData(RefusalReason.TooNew)]
    [InlineData(RefusalReason.Malformed)]
    [InlineData(RefusalReason.Unknown)]
    public void Decide_RefusedForWhatPuttingCannotCure_DoesNothing(RefusalReason reason)
    {
        Store(Put(One));
        ledger.Hear(new(null, null, new() { Reason = reason }));
        Step(One).ShouldBeOfType<ManifestStep.Settled>();
    }

    [Fact]
    public void Decide_RefusalOfAnOlderOne_IsHistory()
    {
        Store(Put(One));
        Store(Put(Other));
        ledger.Hear(new(null, null, new() { Reason = RefusalReason.BadMac, Generation = new(Term, 1) }));
        Step(Other).ShouldBeOfType<ManifestStep.Settled>();
    }

    [Fact]
    public void Decide_RefusalOfThisOne_PutsItAgain()
    {
        Store(Put(One));
        ledger.Hear(new(null, null, new() { Reason = RefusalReason.BadMac, Generation = new(Term, 1) }));
        Put(One).Generation.ShouldBe(new Generation(Term, 1));
    }

    /// <summary>Why a manifest is put is read in the log.</summary>
    [Fact]
    public void Decide_EachPut_SaysWhy()
    {
        var first = Put(One);
        first.Why.ShouldBe("the first one");
        Put(One).Why.ShouldBe("again");
        Store(first);
        var second = Put(Other);
        second.Why.ShouldBe("its content differs");
        Store(second);
        ledger.Hear(new(null, null, new() { Reason = RefusalReason.ScoreMissing }));
        Put(Other).Why.ShouldBe("again, because the device refused: ScoreMissing");
        Hold(new(Term + 3, 40), DigestOf(5));
        Put(Other).Why.ShouldBe("past 10.40, which the device holds");
        Restart();
        Hold(first);
        Put(One).Why.ShouldBe("as the device holds it");
    }

    [Fact]
    public void IsTaken_ByWhatTheDeviceHolds()
    {
        ledger.IsTaken.ShouldBeFalse();
        var put = Put(One);
        ledger.IsTaken.ShouldBeFalse();
        Hold(put.Generation, DigestOf(5));
        ledger.IsTaken.ShouldBeFalse();
        Hold(put.Generation with { Counter = 9 }, put.Digest);
        ledger.IsTaken.ShouldBeFalse();
        Hold(put);
        ledger.IsTaken.ShouldBeTrue();
        ledger.Hear(new(put.Generation, put.Digest, new() { Reason = RefusalReason.Stale, Generation = new(Term, 0) }));
        ledger.IsTaken.ShouldBeTrue("it holds it, and refused an older one");
        Put(Other);
        ledger.IsTaken.ShouldBeFalse();
    }

    [Fact]
    public void Stored_IsWhatWasSeen()
    {
        ledger.Stored.ShouldBe(StoredManifest.None);
        ledger.Known.ShouldBeNull();
        var put = Put(One);
        Store(put);
        ledger.Stored.ShouldBe(new StoredManifest(revision, put.Digest, put.Generation));
        Hold(put);
        ledger.Stored.ShouldBe(new StoredManifest(revision, put.Digest, put.Generation));
        var foreign = new StoredManifest(9, DigestOf(5), new(Term, 4));
        ledger.See(foreign);
        ledger.Stored.ShouldBe(foreign);
        ledger.Known.ShouldBe(new Generation(Term, 4));
        ledger.See(StoredManifest.None);
        ledger.Stored.ShouldBe(StoredManifest.None);
        ledger.Known.ShouldBe(new Generation(Term, 4), "what is lost was ours all the same");
    }

    /// <summary>A device that took what it refused before is not put off the next time.</summary>
    [Fact]
    public void Decide_TakenAfterRefusals_BeginsTheWaitsAnew()
    {
        var put = Put(One);
        Store(put);
        ledger.Hear(new(null, null, new() { Reason = RefusalReason.BadMac }));
        Store(Put(One));
        Step(One, now: Start.AddSeconds(5)).ShouldBeOfType<ManifestStep.Put>();
        Hold(put);
        Step(One).ShouldBeOfType<ManifestStep.Settled>();
        ledger.Hear(new(null, null, new() { Reason = RefusalReason.BadMac }));
        Store(Put(One));
        Step(One).ShouldBeOfType<ManifestStep.Later>().NotBefore.ShouldBe(Start.AddSeconds(5));
    }

    private ManifestStep Step(ImmutableArray<ManifestEntry> entries, long term = Term, DateTimeOffset? now = null) =>
        ledger.Decide(Device(1), entries, term, now ?? Start);

    private ManifestStep.Put Put(ImmutableArray<ManifestEntry> entries, long term = Term) => Step(entries, term).ShouldBeOfType<ManifestStep.Put>();

    private void Store(ManifestStep.Put put) => ledger.See(new(++revision, put.Digest, put.Generation));

    private void Hold(ManifestStep.Put put) => Hold(put.Generation, put.Digest);

    private void Hold(Generation generation, Digest digest) => ledger.Hear(new(generation, digest, null));

    private void Restart() => ledger = new();
}
