using Harmony.Fleet.Core.Reconciling;

namespace Harmony.Fleet.Tests.Core.Reconciling;

public sealed class BackOffTests
{
    private static readonly BackOff Delays = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));

    [Theory]
    [InlineData(1, 1.0, 1)]
    [InlineData(2, 1.0, 2)]
    [InlineData(9, 1.0, 256)]
    [InlineData(10, 1.0, 300)]
    [InlineData(int.MaxValue, 1.0, 300)]
    [InlineData(3, 0.5, 2)]
    public void After_Failures_DoublesUpToTheCeiling(int failures, double fraction, double seconds) =>
        Delays.After(failures, fraction).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void After_SmallestDraw_StillWaits() => Delays.After(1, 0).ShouldBe(TimeSpan.FromMilliseconds(100));
}
