using Harmony.Fleet.Cli.Layout;

namespace Harmony.Fleet.Tests.Cli.Layout;

public sealed class ElapsedTests
{
    [Theory]
    [InlineData(-1, "0.0 s")]
    [InlineData(0.04, "0.0 s")]
    [InlineData(3.14, "3.1 s")]
    [InlineData(59.94, "59.9 s")]
    [InlineData(59.96, "1 min 0 s")]
    [InlineData(72, "1 min 12 s")]
    [InlineData(3599.9, "59 min 59 s")]
    [InlineData(7500, "2 h 5 min")]
    [InlineData(90000, "25 h 0 min")]
    public void Span_IsSaidInItsUnits(double seconds, string text) => Elapsed.Text(TimeSpan.FromSeconds(seconds)).ShouldBe(text);
}
