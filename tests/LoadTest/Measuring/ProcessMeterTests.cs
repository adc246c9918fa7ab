using Harmony.Fleet.LoadTest.Measuring;

namespace Harmony.Fleet.Tests.LoadTest.Measuring;

public sealed class ProcessMeterTests
{
    [Fact]
    public void SeveralProcesses_AreSummed()
    {
        var (one, two) = (new ProcessMeter(Environment.ProcessId), new ProcessMeter([Environment.ProcessId, Environment.ProcessId]));
        one.Look();
        two.Look();

        one.MostMiB.ShouldBeGreaterThan(0);
        two.MostMiB.ShouldBeGreaterThan(1.5 * one.MostMiB);
    }

    [Fact]
    public void ProcessThatIsNotKnown_IsNothing()
    {
        var meter = new ProcessMeter((int?)null);
        meter.Look();

        (meter.MostMiB, meter.Cpu).ShouldBe((0, 0));
    }
}
