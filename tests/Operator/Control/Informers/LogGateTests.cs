using Harmony.Fleet.Operator.Control.Informers;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Fleet.Tests.Operator.Control.Informers;

public sealed class LogGateTests
{
    [Fact]
    public void IsOpen_ManyInAMinute_LetsAFewThroughAndCountsTheRest()
    {
        var time = new FakeTimeProvider();
        var gate = new LogGate(time);
        Enumerable.Range(0, 25).Count(_ => gate.IsOpen("a", out _)).ShouldBe(10);
        gate.IsOpen("b", out _).ShouldBeTrue();

        time.Advance(TimeSpan.FromMinutes(1));
        gate.IsOpen("a", out var missed).ShouldBeTrue();
        missed.ShouldBe(15);
    }

    [Fact]
    public void IsOpen_OneDeviceThatFloods_KeepsNoOtherFromBeingTold()
    {
        var time = new FakeTimeProvider();
        var gate = new LogGate(time);
        Enumerable.Range(0, 1000).Count(_ => gate.IsOpen("a", "pi-1", out _)).ShouldBe(2);
        gate.IsOpen("a", "pi-2", out _).ShouldBeTrue();
        gate.IsOpen("b", "pi-1", out _).ShouldBeTrue();

        time.Advance(TimeSpan.FromMinutes(1));
        gate.IsOpen("a", "pi-1", out var missed).ShouldBeTrue();
        missed.ShouldBe(998);
    }

    [Fact]
    public void IsOpen_ManyDevices_LetsAFewThrough()
    {
        var gate = new LogGate(new FakeTimeProvider());
        Enumerable.Range(0, 5000).Count(device => gate.IsOpen("a", $"pi-{device}", out _)).ShouldBe(10);
    }

    [Fact]
    public void ManyDevices_AreNotAllLookedAtForEachMessage()
    {
        var time = new FakeTimeProvider();
        var gate = new LogGate(time);
        for (var minute = 0; minute < 3; minute++)
        {
            for (var device = 0; device < 5000; device++)
            {
                gate.IsOpen("a", $"pi-{device}", out _);
            }

            gate.Looks.ShouldBe(minute + 1);
            time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public void Minute_OfAClockThatIsPutBack_EndsAllTheSame()
    {
        var time = new FakeTimeProvider();
        var clock = new SetClock(time);
        var gate = new LogGate(clock);
        while (gate.IsOpen("news", out _))
        {
        }

        clock.Shift = TimeSpan.FromHours(-1);
        time.Advance(TimeSpan.FromMinutes(1));

        gate.IsOpen("news", out var suppressed).ShouldBeTrue();
        suppressed.ShouldBe(1);
    }
}
