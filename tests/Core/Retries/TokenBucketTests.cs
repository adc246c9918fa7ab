using Harmony.Fleet.Core.Retries;

namespace Harmony.Fleet.Tests.Core.Retries;

public sealed class TokenBucketTests
{
    private static readonly TokenLimit Limit = new(Burst: 10, PerSecond: 2);
    private TokenBucket bucket;
    private TimeSpan now = TimeSpan.FromSeconds(100);

    [Fact]
    public void Take_UntilItIsEmpty_GivesTheBurst()
    {
        Enumerable.Range(0, 25).Count(_ => Takes(1)).ShouldBe(10);
        bucket.Wait(Limit, 1, now).ShouldBe(TimeSpan.FromSeconds(0.5));
        bucket.Wait(Limit, 4, now).ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Take_LongAfterwards_GivesNoMoreThanTheBurst()
    {
        Takes(10).ShouldBeTrue();
        now += TimeSpan.FromSeconds(1);
        Enumerable.Range(0, 25).Count(_ => Takes(1)).ShouldBe(2);
        now += TimeSpan.FromHours(1);
        bucket.IsFull(Limit, now).ShouldBeTrue();
        Enumerable.Range(0, 25).Count(_ => Takes(1)).ShouldBe(10);
    }

    [Fact]
    public void Take_AfterTheWait_IsTaken()
    {
        Takes(9).ShouldBeTrue();
        Takes(3).ShouldBeFalse();
        var wait = bucket.Wait(Limit, 3, now);
        now += wait - TimeSpan.FromMilliseconds(1);
        Takes(3).ShouldBeFalse();
        now += TimeSpan.FromMilliseconds(1);
        Takes(3).ShouldBeTrue();
    }

    [Fact]
    public void Take_MoreThanItHolds_CostsAllOfIt()
    {
        Takes(1000).ShouldBeTrue();
        Takes(1).ShouldBeFalse();
        bucket.Wait(Limit, 1000, now).ShouldBe(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Take_AfterTheClockWasPutBack_WaitsNoLongerThanForAnEmptyBucket()
    {
        Takes(10).ShouldBeTrue();
        now -= TimeSpan.FromSeconds(1);
        bucket.IsFull(Limit, now).ShouldBeTrue();
        now -= TimeSpan.FromHours(1);
        Enumerable.Range(0, 25).Count(_ => Takes(1)).ShouldBe(10);
        now += TimeSpan.FromHours(1);
        Takes(10).ShouldBeTrue();
    }

    /// <summary>In any span it gives no more than the burst and what came back meanwhile.</summary>
    [Fact]
    public void Take_AtAnyTimes_GivesNoMoreThanItMay()
    {
        var random = new Random(1);
        var (began, given) = (now, 0.0);
        for (var count = 0; count < 10_000; count++)
        {
            var cost = random.Next(1, 8);
            given += Takes(cost) ? cost : 0;
            now += TimeSpan.FromMilliseconds(random.Next(400));
            given.ShouldBeLessThanOrEqualTo(Limit.Burst + ((now - began).TotalSeconds * Limit.PerSecond) + 1e-6);
        }

        given.ShouldBeGreaterThan((now - began).TotalSeconds * Limit.PerSecond * 0.9);
    }

    private bool Takes(double cost)
    {
        (var isTaken, bucket) = bucket.Take(Limit, cost, now);
        return isTaken;
    }
}
