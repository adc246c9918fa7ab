using Harmony.Fleet.Hosting.Systemd;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Fleet.Tests.Hosting.Systemd;

public sealed class LoopLivenessTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public void Loop_ThatNeverBegan_IsNotFresh() => new LoopLiveness(time, new Watchdog(Interval: null)).IsFresh.ShouldBeFalse();

    [Theory]
    [InlineData(10, 9, true)]
    [InlineData(10, 11, false)]
    [InlineData(0, 3, true)] // No step is granted less than the watchdog's interval.
    [InlineData(0, 5, false)]
    public void Loop_AfterItsTime_IsNotFresh(int expected, int passed, bool isFresh)
    {
        var loop = new LoopLiveness(time, new Watchdog(TimeSpan.FromSeconds(4)));
        loop.Expect(TimeSpan.FromSeconds(expected));
        time.Advance(TimeSpan.FromSeconds(passed));
        loop.IsFresh.ShouldBe(isFresh);
    }

    [Theory]
    [InlineData("60000000", null, 60.0)]
    [InlineData("500000", "42", 0.5)]
    [InlineData("500000", "", 0.5)]
    [InlineData("500000", "41", null)]
    [InlineData("0", null, null)]
    [InlineData("-1", null, null)]
    [InlineData("soon", null, null)]
    [InlineData(null, null, null)]
    public void Watchdog_OfTheEnvironment_IsItsInterval(string? microseconds, string? pid, double? seconds) =>
        (Watchdog.Parse(microseconds, pid, self: 42).Interval?.TotalSeconds).ShouldBe(seconds);
}
