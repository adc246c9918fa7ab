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
}
