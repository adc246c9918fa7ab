using Harmony.Fleet.Adapters.Nats.Connection;

namespace Harmony.Fleet.Tests.Adapters.Nats.Connection;

public sealed class BackoffTests
{
    private static readonly TimeSpan Min = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(10);

    [Fact]
    public void Ceiling_WithEachAttempt_DoublesUpToTheCap()
    {
        var backoff = new Backoff(Min, Cap, new Random(1));
        var ceilings = Enumerable.Range(0, 100).Select(_ =>
        {
            var ceiling = backoff.Ceiling;
            backoff.Next().ShouldBeInRange(TimeSpan.Zero, ceiling);
            return ceiling.TotalMilliseconds;
        }).ToList();

        ceilings.Take(8).ShouldBe([100, 200, 400, 800, 1600, 3200, 6400, 10_000]);
        ceilings.Skip(8).ShouldAllBe(ceiling => ceiling == 10_000);
    }

    [Fact]
    public void Next_OverManyDevices_IsSpreadOverTheWholeCeiling()
    {
        var waits = Enumerable.Range(0, 10_000).Select(seed => new Backoff(Cap, Cap, new Random(seed)).Next().TotalSeconds).ToList();

        foreach (var second in Enumerable.Range(0, 10))
        {
            waits.Count(wait => (int)wait == second).ShouldBeInRange(800, 1200);
        }
    }

    [Fact]
    public void Next_OfTheSameSeed_IsTheSame()
    {
        var (one, two) = (new Backoff(Min, Cap, new Random(7)), new Backoff(Min, Cap, new Random(7)));

        Enumerable.Range(0, 20).Select(_ => one.Next()).ShouldBe(Enumerable.Range(0, 20).Select(_ => two.Next()).ToList());
    }

    [Fact]
    public void Reset_AfterManyAttempts_BeginsAnew()
    {
        var backoff = new Backoff(Min, Cap, new Random(1));
        for (var i = 0; i < 50; i++)
        {
            backoff.Next();
        }

        backoff.Reset();

        backoff.Ceiling.ShouldBe(Min);
    }
}
