using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Operator.Control;
using Harmony.Fleet.Operator.Control.Executors;
using Harmony.Fleet.Ports.Bus;
using Harmony.Fleet.Tests.Harness;
using Harmony.Fleet.Tests.Harness.Bus;
using Microsoft.Extensions.Logging.Testing;

namespace Harmony.Fleet.Tests.Operator.Control;

/// <summary>Delete markers go by themselves, each when nobody can need it any more.</summary>
public sealed class MarkerSweeperTests : IDisposable
{
    private readonly ManualTime time = new();
    private readonly FakeLogger<MarkerSweeper> log = new();
    private readonly FakeBroker broker;
    private readonly FakeBus bus;
    private readonly MarkerSweeper sweeper;

    public MarkerSweeperTests()
    {
        broker = new FakeBroker(time);
        bus = broker.Connect();
        sweeper = new MarkerSweeper(bus, broker, new BucketPlan(null), new ControlOptions(), new RandomSource(1), time, log);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => sweeper.Dispose();

    [Fact]
    public async Task Marker_StaysForItsGrace_AndIsGoneAfterThat()
    {
        await MakeBucketsAsync();
        await DeletedAsync(BucketNames.DeviceInfo, "pi-1");
        time.Advance(TimeSpan.FromMinutes(59));
        await DeletedAsync(BucketNames.DeviceInfo, "pi-2");

        await sweeper.SweepAsync(Token);
        (await KeysAsync(BucketNames.DeviceInfo)).ShouldBe(["pi-1", "pi-2"]);

        time.Advance(TimeSpan.FromMinutes(1));
        await sweeper.SweepAsync(Token);
        (await KeysAsync(BucketNames.DeviceInfo)).ShouldBe(["pi-2"]);
    }

    [Fact]
    public async Task Markers_OfEveryBucket_AreLookedFor_AndValuesStay()
    {
        await MakeBucketsAsync();
        foreach (var bucket in Buckets)
        {
            await DeletedAsync(bucket, "gone");
            await bus.Bucket(bucket).CreateAsync("stays", new byte[] { 1 }, BusHeaders.None, Token);
        }

        time.Advance(TimeSpan.FromDays(1));
        await sweeper.SweepAsync(Token);

        foreach (var bucket in Buckets)
        {
            (await KeysAsync(bucket)).ShouldBeEmpty(bucket);
            (await bus.Bucket(bucket).GetAsync("stays", Token)).ShouldBeOfType<GetOutcome.Found>();
        }
    }

    [Fact]
    public async Task Sweeper_LooksAgainWithinTheHour()
    {
        await MakeBucketsAsync();
        await sweeper.StartAsync(Token);
        for (var hour = 0; hour < 2; hour++)
        {
            await DeletedAsync(BucketNames.Scores, "gone");
            await Eventually.HoldsAsync(
                async () =>
                {
                    time.Advance(TimeSpan.FromMinutes(10));
                    return (await KeysAsync(BucketNames.Scores)).Length == 0;
                },
                "it is gone");
        }

        await sweeper.StopAsync(Token);
    }

    [Fact]
    public async Task Bucket_ThatIsMissing_HoldsUpNoOther()
    {
        await MakeBucketsAsync();
        broker.LoseBucket(Buckets[0]);
        await DeletedAsync(Buckets[^1], "gone");
        time.Advance(TimeSpan.FromDays(1));

        await sweeper.SweepAsync(Token);

        (await KeysAsync(Buckets[^1])).ShouldBeEmpty();
        log.Collector.GetSnapshot().Select(line => line.Message).ShouldContain(line => line.Contains($"The delete markers of the bucket {Buckets[0]} could not all be removed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Marker_UnderWhatIsNoKey_StaysAndIsToldOnce_AndHoldsUpNoOther()
    {
        await MakeBucketsAsync();
        await DeletedAsync(BucketNames.Scores, "odd:key");
        await DeletedAsync(BucketNames.Scores, "odd key");
        await DeletedAsync(BucketNames.Scores, "gone");
        time.Advance(TimeSpan.FromDays(1));

        await sweeper.SweepAsync(Token);
        await sweeper.SweepAsync(Token);

        (await KeysAsync(BucketNames.Scores)).ShouldBe(["odd:key", "odd key"]);
        log.Collector.GetSnapshot().Count(line => line.Message.Contains("odd", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Bucket_ThatFailsUnexpectedly_EndsNothing_AndHoldsUpNoOther()
    {
        await MakeBucketsAsync();
        await DeletedAsync(Buckets[0], "gone");
        await DeletedAsync(Buckets[^1], "gone");
        time.Advance(TimeSpan.FromDays(1));
        using var failing = new MarkerSweeper(bus, new FailingAdmin(broker, Buckets[0]), new BucketPlan(null), new ControlOptions(), new RandomSource(1), time, log);

        await failing.SweepAsync(Token);

        (await KeysAsync(Buckets[0])).ShouldBe(["gone"]);
        (await KeysAsync(Buckets[^1])).ShouldBeEmpty();
        log.Collector.GetSnapshot().ShouldContain(line => line.Id.Id == 2039 && line.Exception is ArgumentException);
    }

    [Fact]
    public async Task Link_Down_NothingIsTriedNorSaid()
    {
        await MakeBucketsAsync();
        await DeletedAsync(Buckets[0], "gone");
        time.Advance(TimeSpan.FromDays(1));
        bus.GoDown();

        await sweeper.SweepAsync(Token);

        (bus.Failed, log.Collector.Count).ShouldBe((0, 0));
    }

    private sealed class FailingAdmin(IBusAdmin inner, string failing) : IBusAdmin
    {
        public Task<EnsureBucketOutcome> EnsureBucketAsync(BucketSettings settings, CancellationToken cancellationToken) => inner.EnsureBucketAsync(settings, cancellationToken);

        public Task<PurgeMarkersOutcome> PurgeMarkersAsync(string bucket, IReadOnlyCollection<BucketEntry> markers, CancellationToken cancellationToken) =>
            bucket == failing ? throw new ArgumentException("It failed.", nameof(bucket)) : inner.PurgeMarkersAsync(bucket, markers, cancellationToken);
    }

    private static string[] Buckets { get; } = [.. new BucketPlan(null).Buckets.Select(settings => settings.Name)];

    private async Task MakeBucketsAsync()
    {
        foreach (var settings in new BucketPlan(null).Buckets)
        {
            await broker.EnsureBucketAsync(settings, Token);
        }
    }

    private async Task DeletedAsync(string bucket, string key)
    {
        await bus.Bucket(bucket).CreateAsync(key, new byte[] { 1 }, BusHeaders.None, Token);
        await bus.Bucket(bucket).RemoveAsync(key, Token);
    }

    private async Task<string[]> KeysAsync(string bucket) => [.. (await bus.Bucket(bucket).MarkersAsync(Token).ToListAsync(Token)).Select(marker => marker.Key)];
}
