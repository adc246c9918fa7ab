using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Operator.Control.Loop;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Fleet.Tests.Operator.Control.Loop;

public sealed class DeviceLogTests
{
    private readonly FakeTimeProvider time = new();
    private readonly FakeLogger<DeviceLog> logger = new();
    private readonly DeviceLog log;

    public DeviceLogTests() => log = new DeviceLog(time, logger);

    private IEnumerable<string> Told => logger.Collector.Lines();

    [Fact]
    public void Few_AreToldByName_AtOnce()
    {
        log.Acquired(DeviceId.Parse("pi-1"));
        log.Turned(DeviceId.Parse("pi-1"), isReachable: true);
        log.Turned(DeviceId.Parse("pi-1"), isReachable: false);
        log.Gone(DeviceId.Parse("pi-1"));

        Told.ShouldBe([
            "Information 2201: acquired Device pi-1", "Information 2203: Device pi-1 is reachable", "Warning 2204: Device pi-1 is unreachable: its heartbeats are missing",
            "Information 2202: Device pi-1 is gone",
        ]);
    }

    [Fact]
    public void AWholeFleet_IsAFewLines()
    {
        for (var number = 1; number <= 100_000; number++)
        {
            log.Acquired(DeviceId.Parse($"pi-{number}"));
            log.Turned(DeviceId.Parse($"pi-{number}"), number % 2 == 0);
        }

        time.Advance(TimeSpan.FromSeconds(1));
        log.Tell();
        log.Tell();

        Told.Count().ShouldBe(18);
        Told.ShouldContain("Information 2212: acquired 99,995 more Devices, the last pi-100000");
        Told.ShouldContain("Information 2214: 49,995 more Devices are reachable, the last pi-100000");
        Told.ShouldContain("Warning 2215: 49,995 more Devices are unreachable, their heartbeats missing, the last pi-99999");
    }

    [Fact]
    public void TheNextSecond_BeginsAnew()
    {
        for (var number = 1; number <= 6; number++)
        {
            log.Acquired(DeviceId.Parse($"pi-{number}"));
        }

        Told.Count().ShouldBe(5);
        time.Advance(TimeSpan.FromSeconds(1));
        log.Acquired(DeviceId.Parse("pi-7"));

        Told.TakeLast(2).ShouldBe(["Information 2201: acquired Device pi-6", "Information 2201: acquired Device pi-7"]);
    }
}
