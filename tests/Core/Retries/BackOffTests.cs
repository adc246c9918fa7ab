using Harmony.Fleet.Core.Retries;

namespace Harmony.Fleet.Tests.Core.Retries;

public sealed class BackOffTests
{
    private static readonly BackOff Delays = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));

    [Theory]
    [InlineData(1, 1.0, 1)]
    [InlineData(2, 1.0, 2)]
    [InlineData(9, 1.0, 256)]
    [InlineData(10, 1.0, 300)]
    [InlineData(int.MaxValue, 1.0, 300)]
    [InlineData(3, 0.5, 2.2)]
    public void After_Failures_DoublesUpToTheCeiling(int failures, double fraction, double seconds) =>
        Delays.After(failures, fraction).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void After_SmallestDraw_StillWaits() => Delays.After(1, 0).ShouldBe(TimeSpan.FromMilliseconds(100));

    [Fact]
    public void After_AnyDraws_NoPartOfAFleetComesAtTheSameMoment()
    {
        var waits = Enumerable.Range(0, 1000).Select(draw => Delays.After(1, draw / 1000.0)).ToList();

        waits.Distinct().Count().ShouldBe(waits.Count);
    }

    [Fact]
    public void Sequence_OfFailures_GrowsOnAverageUpToTheCeiling()
    {
        double Mean(int failures) => Enumerable.Range(0, 1000).Average(seed => NthWait(failures, new Random(seed)).TotalSeconds);

        Mean(1).ShouldBeInRange(0.5, 0.6);
        Mean(4).ShouldBeInRange(4, 4.8);
        Mean(20).ShouldBeInRange(150, 180);
    }

    [Fact]
    public void Sequence_ThatWasReset_BeginsAnew()
    {
        var sequence = new BackOffSequence(Delays, new Random(1));
        for (var i = 0; i < 50; i++)
        {
            sequence.Next().ShouldBeInRange(TimeSpan.Zero, Delays.Ceiling);
        }

        sequence.Reset();

        sequence.Failures.ShouldBe(0);
        sequence.Next().ShouldBeLessThanOrEqualTo(Delays.Base);
    }

    [Fact]
    public void Sequence_OfTheSameSeed_IsTheSame()
    {
        var (one, two) = (new BackOffSequence(Delays, new Random(7)), new BackOffSequence(Delays, new Random(7)));
        Enumerable.Range(0, 20).Select(_ => one.Next()).ShouldBe(Enumerable.Range(0, 20).Select(_ => two.Next()).ToList());
    }

    private static TimeSpan NthWait(int failures, Random random)
    {
        var sequence = new BackOffSequence(Delays, random);
        for (var i = 1; i < failures; i++)
        {
            sequence.Next();
        }

        return sequence.Next();
    }
}
