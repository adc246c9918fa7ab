using Harmony.Fleet.LoadTest.Measuring;

namespace Harmony.Fleet.Tests.LoadTest.Measuring;

public sealed class PercentileTests
{
    [Theory]
    [InlineData(0.5, 50)]
    [InlineData(0.99, 99)]
    [InlineData(1, 100)]
    public void Of_ValuesInAnyOrder_IsTheLeastThatSoManyDoNotExceed(double part, double value) => Percentile.Of(Enumerable.Range(1, 100).Reverse().Select(number => (double)number), part).ShouldBe(value);

    [Fact]
    public void Of_Nothing_IsZero() => Percentile.Of([], 0.99).ShouldBe(0);

    [Fact]
    public void OfHistogram_IsTheEndOfItsBucket_OverAllTags()
    {
        const string Metrics = """
            # TYPE turn_seconds histogram
            turn_seconds_bucket{kind="a",le="0.01"} 60 1700000000
            turn_seconds_bucket{kind="a",le="0.1"} 90
            turn_seconds_bucket{kind="a",le="+Inf"} 90
            turn_seconds_bucket{kind="b",le="0.01"} 5
            turn_seconds_bucket{kind="b",le="0.1"} 9
            turn_seconds_bucket{kind="b",le="+Inf"} 10
            turn_seconds_sum{kind="b"} 3
            """;

        Percentile.OfHistogram(string.Empty, Metrics, "turn_seconds", 0.5).ShouldBe(0.01);
        Percentile.OfHistogram(string.Empty, Metrics, "turn_seconds", 0.98).ShouldBe(0.1);
        Percentile.OfHistogram(string.Empty, Metrics, "turn_seconds", 1).ShouldBe(double.PositiveInfinity);
        Percentile.OfHistogram(string.Empty, Metrics, "other_seconds", 0.5).ShouldBeNull();
        Percentile.OfHistogram(Metrics, Metrics, "turn_seconds", 0.5).ShouldBeNull("nothing came since");
        Percentile.OfHistogram("turn_seconds_bucket{kind=\"a\",le=\"0.01\"} 60", Metrics, "turn_seconds", 0.3).ShouldBe(0.1);
    }
}
