using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness.Bus;

namespace Harmony.Fleet.Tests.Conformance.Bus;

public abstract partial class BusConformance
{
    [Fact]
    public async Task Watch_OfAnEmptyBucket_IsCaughtUpAtOnce()
    {
        await using var watch = new WatchReader(Bucket.WatchAsync(">", Stop), Stop);

        (await watch.NextAsync()).ShouldBeOfType<BucketEvent.CaughtUp>();
    }

    [Fact]
    public async Task Watch_OfAFullBucket_ShowsHistoryThenCaughtUpThenLiveChanges()
    {
        await PutAsync("a", "old");
        await Bucket.PutAsync("b", Bytes("b"), new BusHeaders("1:mac"), Stop);
        await PutAsync("a", "new");
        await Bucket.RemoveAsync("b", Stop);

        await using var watch = new WatchReader(Bucket.WatchAsync(">", Stop), Stop);
        Text((await watch.ChangeAsync()).Value).ShouldBe("new");
        (await watch.ChangeAsync()).ShouldSatisfyAllConditions(entry => entry.Key.ShouldBe("b"), entry => entry.IsDeleted.ShouldBeTrue());
        (await watch.NextAsync()).ShouldBeOfType<BucketEvent.CaughtUp>();

        var revision = Revision(await Bucket.PutAsync("c", Bytes("live"), new BusHeaders("2:mac"), Stop));
        var live = await watch.ChangeAsync();
        live.ShouldSatisfyAllConditions(
            () => live.Key.ShouldBe("c"),
            () => Text(live.Value).ShouldBe("live"),
            () => live.Headers.Mac.ShouldBe("2:mac"),
            () => live.Revision.ShouldBe(revision),
            () => live.IsDeleted.ShouldBeFalse());
        await Bucket.RemoveAsync("c", Stop);
        (await watch.ChangeAsync()).IsDeleted.ShouldBeTrue();
    }

    [Fact]
    public async Task Watch_WithAFilter_ShowsOnlyWhatMatches()
    {
        await PutAsync("a.1", "1");
        await PutAsync("b.1", "2");

        await using var watch = new WatchReader(Bucket.WatchAsync("a.*", Stop), Stop);
        (await watch.ChangeAsync()).Key.ShouldBe("a.1");
        (await watch.NextAsync()).ShouldBeOfType<BucketEvent.CaughtUp>();
        await PutAsync("b.2", "3");
        await PutAsync("a.2", "4");
        (await watch.ChangeAsync()).Key.ShouldBe("a.2");
    }

    [Fact]
    public async Task Watch_OfABucketThatComesLater_BeginsWithIt()
    {
        await using var watch = new WatchReader(Bus.Bucket("later").WatchAsync(">", Stop), Stop);
        (await watch.NextAsync()).ShouldBeOfType<BucketEvent.Restarted>().Reason.ShouldNotBeEmpty();
        var next = watch.NextAsync();
        await Admin.EnsureBucketAsync(Settings with { Name = "later" }, Stop);

        (await next).ShouldBeOfType<BucketEvent.CaughtUp>();
        await Bus.Bucket("later").PutAsync("a", Bytes("1"), BusHeaders.None, Stop);
        (await watch.ChangeAsync()).Key.ShouldBe("a");
    }

    [Fact]
    public async Task Watch_WhenTheBusWasAway_BeginsAgain()
    {
        await PutAsync("a", "1");
        await using var watch = new WatchReader(Bucket.WatchAsync(">", Stop), Stop);
        await watch.CaughtUpAsync();

        await DisconnectAsync();
        await LinkAsync(up: false);
        (await watch.NextAsync()).ShouldBeOfType<BucketEvent.Restarted>().Reason.ShouldNotBeEmpty();
        await ReconnectAsync();
        await LinkAsync(up: true);

        (await watch.ChangeAsync()).Key.ShouldBe("a");
        (await watch.NextAsync()).ShouldBeOfType<BucketEvent.CaughtUp>();
        await PutAsync("b", "2");
        (await watch.ChangeAsync()).Key.ShouldBe("b");
    }

    [Fact]
    public async Task Watch_WhenTheBucketIsDeleted_SaysSoOnceThoughItIsNotBack()
    {
        await PutAsync("a", "1");
        await using var watch = new WatchReader(Bucket.WatchAsync(">", Stop), Stop);
        await watch.CaughtUpAsync();
        var next = watch.NextAsync();

        await LoseBucketAsync(BucketName);
        (await next).ShouldBeOfType<BucketEvent.Restarted>().Reason.ShouldNotBeEmpty();
        var after = watch.NextAsync();
        (await Admin.EnsureBucketAsync(Settings, Stop)).ShouldBeOfType<EnsureBucketOutcome.Created>();

        (await after).ShouldBeOfType<BucketEvent.CaughtUp>();
        await PutAsync("b", "2");
        (await watch.ChangeAsync()).Key.ShouldBe("b");
    }

    [Fact]
    public async Task Watch_WhenTheBucketIsDeletedAndMadeAnew_BeginsAgain()
    {
        await PutAsync("a", "1");
        await using var watch = new WatchReader(Bucket.WatchAsync(">", Stop), Stop);
        await watch.CaughtUpAsync();

        await LoseBucketAsync(BucketName);
        (await Admin.EnsureBucketAsync(Settings, Stop)).ShouldBeOfType<EnsureBucketOutcome.Created>();
        await PutAsync("b", "2");

        var seen = await watch.RestartedAsync();
        seen.ShouldBe(["b"]);
    }

    [Fact]
    public async Task Watch_ThatIsCancelled_Ends()
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        await using var watch = new WatchReader(Bucket.WatchAsync(">", enough.Token), Stop);
        await watch.CaughtUpAsync();
        await enough.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(watch.NextAsync);
    }
}
