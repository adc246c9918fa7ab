using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness.Bus;

namespace Harmony.Fleet.Tests.Conformance.Bus;

public abstract partial class BusConformance
{
    [Fact]
    public async Task Put_ThenGet_GivesBytesHeadersAndRevision()
    {
        var stored = Revision(await Bucket.PutAsync("a", Bytes("one"), new BusHeaders("1:mac"), Stop));

        var entry = Entry(await Bucket.GetAsync("a", Stop));
        Text(entry.Value).ShouldBe("one");
        entry.ShouldSatisfyAllConditions(
            () => entry.Key.ShouldBe("a"),
            () => entry.Headers.Mac.ShouldBe("1:mac"),
            () => entry.Revision.ShouldBe(stored),
            () => entry.IsDeleted.ShouldBeFalse(),
            () => entry.Created.ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(5))); // The server's clock writes it.
    }

    [Fact]
    public async Task Put_Again_ReplacesTheValueAndRaisesTheRevision()
    {
        var first = Revision(await PutAsync("a", "one"));
        var second = Revision(await PutAsync("a", "two"));

        second.ShouldBeGreaterThan(first);
        Text(Entry(await Bucket.GetAsync("a", Stop)).Value).ShouldBe("two");
    }

    [Fact]
    public async Task Put_EmptyValue_IsFoundEmpty()
    {
        await PutAsync("a", string.Empty);

        Entry(await Bucket.GetAsync("a", Stop)).Value.Length.ShouldBe(0);
    }

    [Fact]
    public async Task Put_LargestValueWithAMac_IsStored() =>
        Revision(await Bucket.PutAsync("a", new byte[1024], new BusHeaders(new string('m', 64)), Stop)).ShouldBeGreaterThan(0UL);

    [Fact]
    public async Task Put_LargerThanTheBucketTakes_IsRejectedAndChangesNothing()
    {
        await PutAsync("a", "one");

        (await Bucket.PutAsync("a", new byte[2048], BusHeaders.None, Stop)).ShouldBeOfType<PutOutcome.Rejected>().Reason.ShouldNotBeEmpty();
        Text(Entry(await Bucket.GetAsync("a", Stop)).Value).ShouldBe("one");
    }

    [Fact]
    public async Task Get_UnknownKey_IsMissing() => (await Bucket.GetAsync("nobody", Stop)).ShouldBeOfType<GetOutcome.Missing>();

    [Fact]
    public async Task Create_NewKey_StoresIt()
    {
        Revision(await Bucket.CreateAsync("a", Bytes("one"), BusHeaders.None, Stop)).ShouldBeGreaterThan(0UL);
        Text(Entry(await Bucket.GetAsync("a", Stop)).Value).ShouldBe("one");
    }

    [Fact]
    public async Task Create_KeyThatIsThere_IsAConflictThatNamesItsRevision()
    {
        var revision = Revision(await PutAsync("a", "one"));

        (await Bucket.CreateAsync("a", Bytes("two"), BusHeaders.None, Stop)).ShouldBeOfType<PutOutcome.Conflict>().CurrentRevision.ShouldBe(revision);
        Text(Entry(await Bucket.GetAsync("a", Stop)).Value).ShouldBe("one");
    }

    [Fact]
    public async Task Create_OverADeleteMarker_StoresIt()
    {
        await PutAsync("a", "one");
        await Bucket.RemoveAsync("a", Stop);

        Revision(await Bucket.CreateAsync("a", Bytes("two"), BusHeaders.None, Stop)).ShouldBe(3UL);
        Text(Entry(await Bucket.GetAsync("a", Stop)).Value).ShouldBe("two");
    }

    [Fact]
    public async Task Create_ByManyAtOnce_StoresExactlyOne()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Bucket.CreateAsync("a", Bytes($"{i}"), BusHeaders.None, Stop)));

        outcomes.Count(outcome => outcome is PutOutcome.Stored).ShouldBe(1);
        outcomes.Count(outcome => outcome is PutOutcome.Conflict).ShouldBe(31);
    }

    [Fact]
    public async Task Update_OfTheLastRevision_Stores()
    {
        var first = Revision(await PutAsync("a", "one"));

        Revision(await Bucket.UpdateAsync("a", Bytes("two"), first, new BusHeaders("1:m"), Stop)).ShouldBeGreaterThan(first);
        Entry(await Bucket.GetAsync("a", Stop)).Headers.Mac.ShouldBe("1:m");
    }

    [Fact]
    public async Task Update_OfAnOlderRevision_IsAConflict()
    {
        var first = Revision(await PutAsync("a", "one"));
        var second = Revision(await PutAsync("a", "two"));

        (await Bucket.UpdateAsync("a", Bytes("three"), first, BusHeaders.None, Stop)).ShouldBeOfType<PutOutcome.Conflict>().CurrentRevision.ShouldBe(second);
        Text(Entry(await Bucket.GetAsync("a", Stop)).Value).ShouldBe("two");
    }

    [Fact]
    public async Task Update_WithTheRevisionThatAConflictTold_Stores()
    {
        await PutAsync("a", "one");
        await PutAsync("a", "two");

        var told = (await Bucket.UpdateAsync("a", Bytes("three"), 0, BusHeaders.None, Stop)).ShouldBeOfType<PutOutcome.Conflict>().CurrentRevision;

        Revision(await Bucket.UpdateAsync("a", Bytes("three"), told, BusHeaders.None, Stop)).ShouldBeGreaterThan(told);
    }

    [Fact]
    public async Task Update_OfABucketThatWasMadeAnew_IsAConflictThatTellsOfNothing()
    {
        await PutAsync("b", "one");
        var first = Revision(await PutAsync("a", "one"));
        await LoseBucketAsync(BucketName);
        await Admin.EnsureBucketAsync(Settings, Stop);

        (await Bucket.UpdateAsync("a", Bytes("two"), first, BusHeaders.None, Stop)).ShouldBeOfType<PutOutcome.Conflict>().CurrentRevision.ShouldBe(0UL);
        Revision(await Bucket.UpdateAsync("a", Bytes("two"), 0, BusHeaders.None, Stop)).ShouldBe(1UL);
    }

    [Fact]
    public async Task Update_WithRevisionZero_NeedsAKeyThatNeverWas()
    {
        Revision(await Bucket.UpdateAsync("a", Bytes("one"), 0, BusHeaders.None, Stop)).ShouldBe(1UL);

        (await Bucket.UpdateAsync("a", Bytes("two"), 0, BusHeaders.None, Stop)).ShouldBeOfType<PutOutcome.Conflict>();
    }

    [Fact]
    public async Task Delete_Key_LeavesItMissing()
    {
        await PutAsync("a", "one");

        Revision(await Bucket.RemoveAsync("a", Stop)).ShouldBe(2UL);
        (await Bucket.GetAsync("a", Stop)).ShouldBeOfType<GetOutcome.Missing>();
    }

    [Fact]
    public async Task Delete_OfAnOlderRevision_IsAConflict()
    {
        var first = Revision(await PutAsync("a", "one"));
        await PutAsync("a", "two");

        (await Bucket.DeleteAsync("a", first, Stop)).ShouldBeOfType<PutOutcome.Conflict>();
        Text(Entry(await Bucket.GetAsync("a", Stop)).Value).ShouldBe("two");
    }

    [Fact]
    public async Task Keys_OfABucketWithDeletedOnes_AreThoseThatHoldAValue()
    {
        await PutAsync("a", "1");
        await PutAsync("b", "2");
        await PutAsync("c.d", "3");
        await Bucket.RemoveAsync("b", Stop);

        (await Bucket.KeysAsync(Stop).ToListAsync(Stop)).ShouldBe(["a", "c.d"], ignoreOrder: true);
    }

    [Fact]
    public async Task Keys_OfAnEmptyBucket_AreNone() => (await Bucket.KeysAsync(Stop).ToListAsync(Stop)).ShouldBeEmpty();

    [Fact]
    public async Task Bucket_ThatDoesNotExist_IsUnavailableAndNeverMissing()
    {
        var nowhere = Bus.Bucket("nowhere");

        (await nowhere.PutAsync("a", Bytes("1"), BusHeaders.None, Stop)).ShouldBeOfType<PutOutcome.Unavailable>();
        (await nowhere.CreateAsync("a", Bytes("1"), BusHeaders.None, Stop)).ShouldBeOfType<PutOutcome.Unavailable>();
        (await nowhere.GetAsync("a", Stop)).ShouldBeOfType<GetOutcome.Unavailable>();
        await Should.ThrowAsync<IOException>(async () => await nowhere.KeysAsync(Stop).ToListAsync(Stop));
    }

    [Fact]
    public async Task Bus_ThatIsAway_IsUnavailable()
    {
        await DisconnectAsync();
        await LinkAsync(up: false);

        (await PutAsync("a", "1")).ShouldBeOfType<PutOutcome.Unavailable>().Reason.ShouldNotBeEmpty();
        (await Bucket.GetAsync("a", Stop)).ShouldBeOfType<GetOutcome.Unavailable>().Reason.ShouldNotBeEmpty();
        (await Bus.PublishAsync("somewhere", Bytes("x"), BusHeaders.None, Stop)).ShouldBe(PublishOutcome.LinkDown);
    }
}
