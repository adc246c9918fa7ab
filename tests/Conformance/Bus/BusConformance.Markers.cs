using Harmony.Fleet.Ports.Bus;

namespace Harmony.Fleet.Tests.Conformance.Bus;

public abstract partial class BusConformance
{
    [Fact]
    public async Task Markers_OfABucketWithDeletedKeys_AreThoseThatHoldNoValueSince()
    {
        await PutAsync("stays", "1");
        var deleted = await DeletedAsync("b");
        await DeletedAsync("back");
        await PutAsync("back", "again");

        var marker = (await MarkersAsync()).ShouldHaveSingleItem();
        marker.ShouldSatisfyAllConditions(
            () => marker.Key.ShouldBe("b"),
            () => marker.Revision.ShouldBe(deleted),
            () => marker.IsDeleted.ShouldBeTrue(),
            () => marker.Created.ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(5))); // The server's clock writes it.
    }

    [Fact]
    public async Task Markers_OfAnEmptyBucket_AreNone() => (await MarkersAsync()).ShouldBeEmpty();

    [Fact]
    public async Task PurgedMarker_ComesWithNoWatch_AndItsKeyIsAsOneThatNeverWas()
    {
        var deleted = await DeletedAsync("a");
        await PutAsync("b", "stays");

        (await PurgeAsync(await MarkersAsync())).ShouldBe(new PurgeMarkersOutcome.Purged(1));

        (await MarkersAsync()).ShouldBeEmpty();
        await using var watch = new WatchReader(Bucket.WatchAsync(">", Stop), Stop);
        (await watch.CaughtUpAsync()).ShouldBe(["b"]);
        (await Bucket.GetAsync("a", Stop)).ShouldBeOfType<GetOutcome.Missing>();
        (await Bucket.UpdateAsync("a", Bytes("late"), deleted, BusHeaders.None, Stop)).ShouldBeOfType<PutOutcome.Conflict>().CurrentRevision.ShouldBe(0UL);
        Revision(await Bucket.UpdateAsync("a", Bytes("new"), 0, BusHeaders.None, Stop)).ShouldBeGreaterThan(deleted);
        (await watch.ChangeAsync()).Key.ShouldBe("a");
    }

    [Fact]
    public async Task PurgedMarker_OfTheLastWrite_LeavesRevisionsGoOn()
    {
        var deleted = await DeletedAsync("a");
        await PurgeAsync(await MarkersAsync());

        Revision(await Bucket.CreateAsync("a", Bytes("new"), BusHeaders.None, Stop)).ShouldBe(deleted + 1);
    }

    /// <summary>Whoever watches has seen the deletion, and sees what comes next: nothing begins again.</summary>
    [Fact]
    public async Task PurgedMarker_IsNoEventOfAWatch()
    {
        await using var watch = new WatchReader(Bucket.WatchAsync(">", Stop), Stop);
        await watch.CaughtUpAsync();
        await DeletedAsync("a");
        (await watch.ChangeAsync()).IsDeleted.ShouldBeFalse();
        (await watch.ChangeAsync()).IsDeleted.ShouldBeTrue();

        await PurgeAsync(await MarkersAsync());
        await PutAsync("b", "next");

        (await watch.ChangeAsync()).Key.ShouldBe("b");
    }

    [Fact]
    public async Task PurgedMarker_WhoseKeyWasWrittenSince_LeavesTheValue()
    {
        await DeletedAsync("a");
        var markers = await MarkersAsync();
        var revision = Revision(await Bucket.CreateAsync("a", Bytes("new"), BusHeaders.None, Stop));

        (await PurgeAsync(markers)).ShouldBe(new PurgeMarkersOutcome.Purged(0));

        Entry(await Bucket.GetAsync("a", Stop)).Revision.ShouldBe(revision);
    }

    [Fact]
    public async Task PurgedMarker_WhoseKeyWasDeletedAgain_LeavesTheNewerMarker()
    {
        await DeletedAsync("a");
        var markers = await MarkersAsync();
        var again = await DeletedAsync("a");

        (await PurgeAsync(markers)).ShouldBe(new PurgeMarkersOutcome.Purged(0));

        (await MarkersAsync()).ShouldHaveSingleItem().Revision.ShouldBe(again);
    }

    /// <summary>Revisions begin anew there: one of a marker may be that of a value, or above it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task PurgedMarker_OfABucketThatWasMadeAnew_LeavesTheValue(int writes)
    {
        await DeletedAsync("a");
        var markers = await MarkersAsync();
        await LoseBucketAsync(BucketName);
        await Admin.EnsureBucketAsync(Settings, Stop);
        for (var number = 1; number <= writes; number++)
        {
            await PutAsync("a", $"{number}");
        }

        (await PurgeAsync(markers)).ShouldBe(new PurgeMarkersOutcome.Purged(0));

        Entry(await Bucket.GetAsync("a", Stop)).Revision.ShouldBe((ulong)writes);
    }

    /// <summary>A purge that was cut off is begun anew: what it did is done.</summary>
    [Fact]
    public async Task PurgedMarkers_AskedForTwice_AreGone()
    {
        foreach (var key in (string[])["a", "b", "c"])
        {
            await DeletedAsync(key);
        }

        var markers = await MarkersAsync();
        (await PurgeAsync(markers[..1])).ShouldBe(new PurgeMarkersOutcome.Purged(1));

        (await PurgeAsync(markers)).ShouldBe(new PurgeMarkersOutcome.Purged(2));
        (await MarkersAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Markers_OfABucketThatDoesNotExist_AreUnknown()
    {
        await DeletedAsync("a");
        var markers = await MarkersAsync();
        await LoseBucketAsync(BucketName);

        await Should.ThrowAsync<IOException>(MarkersAsync);
        (await PurgeAsync(markers)).ShouldBeOfType<PurgeMarkersOutcome.Unavailable>().Reason.ShouldNotBeEmpty();
    }

    /// <summary>Writes and deletes a key.</summary>
    /// <returns>The marker's revision.</returns>
    private async Task<ulong> DeletedAsync(string key)
    {
        await PutAsync(key, "1");
        return Revision(await Bucket.RemoveAsync(key, Stop));
    }

    private async Task<List<BucketEntry>> MarkersAsync() => await Bucket.MarkersAsync(Stop).ToListAsync(Stop);

    private Task<PurgeMarkersOutcome> PurgeAsync(IReadOnlyCollection<BucketEntry> markers) => Admin.PurgeMarkersAsync(BucketName, markers, Stop);
}
