using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Operator.Control.Loop;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Fleet.Tests.Operator.Control.Loop;

public sealed class ManifestLogTests
{
    private readonly FakeTimeProvider time = new();
    private readonly FakeLogger<ManifestLog> logger = new();
    private readonly ManifestLog log;

    public ManifestLogTests() => log = new ManifestLog(time, logger);

    private IEnumerable<string> Told => logger.Collector.Lines().Where(line => line.StartsWith("Information", StringComparison.Ordinal));

    [Fact]
    public void Stored_Single_IsToldAtOnceAndInFull()
    {
        Store(1);
        time.Advance(TimeSpan.FromSeconds(2));
        log.Tell();
        Store(2);

        Told.ShouldBe(["Information 2071: Stored manifest 3.1 of pi-1 (2 bytes): its content differs", "Information 2071: Stored manifest 3.2 of pi-2 (2 bytes): its content differs"]);
    }

    [Fact]
    public void Stored_SecondOfASecond_IsToldInFullWhenTheSecondIsOver()
    {
        Store(1);
        Store(2);
        Told.Count().ShouldBe(1);

        time.Advance(TimeSpan.FromSeconds(1));
        log.Tell();
        log.Tell();

        Told.Last().ShouldBe("Information 2071: Stored manifest 3.2 of pi-2 (2 bytes): its content differs");
        Told.Count().ShouldBe(2);
    }

    [Fact]
    public void Stored_Thousands_AreToldOnceASecondWithTheirNumber()
    {
        for (var number = 1; number <= 5313; number++)
        {
            Store(number);
        }

        time.Advance(TimeSpan.FromSeconds(1));
        log.Tell();

        Told.Count().ShouldBe(2);
        Told.Last().ShouldBe("Information 2074: Stored 5,312 manifests, the last 3.5313 of pi-5313: its content differs");
    }

    [Fact]
    public void ClockThatIsPutBack_HoldsNothingBack()
    {
        var clock = new SetClock(time);
        var told = new ManifestLog(clock, logger);
        Store(1, told);
        clock.Shift = TimeSpan.FromHours(-1);
        time.Advance(TimeSpan.FromSeconds(1));
        Store(2, told);

        Told.Count().ShouldBe(2);
    }

    private void Store(int number, ManifestLog? of = null) =>
        (of ?? log).Stored(DeviceId.Parse($"pi-{number}"), new ManifestStep.Put(new Generation(3, number), "{}"u8.ToArray(), Digest.Of("{}"u8), 0, "its content differs"));
}
