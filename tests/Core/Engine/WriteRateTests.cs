using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

public sealed class WriteRateTests
{
    private readonly EngineRig rig = new();

    /// <summary>A device that says something else ten times a second costs the store a few writes, and what it said last is written.</summary>
    [Fact]
    public void Device_ThatNeverSaysTheSame_IsWrittenSeldom_AndWithWhatItSaidLast()
    {
        rig.Begin([], [Device("pi-1") with { Spec = new() }, Device("pi-2") with { Spec = new() }]);
        rig.Settle();
        var writes = 0;
        for (var number = 1; number <= 600; number++)
        {
            writes += Writes([.. rig.Step(TimeSpan.FromMilliseconds(100), rig.Info("pi-1", new(1, number), $"g-{number}")), .. rig.Settle()]);
        }

        writes.ShouldBeInRange(10, 20);
        rig.Step(TimeSpan.FromSeconds(30));
        rig.Settle();
        rig.StoredDevice.Metadata.Labels["group"].ShouldBe("g-600");
    }

    [Fact]
    public void Refusal_ThatDiffersInItsTimeAlone_IsNotWrittenAgain()
    {
        rig.Begin([], [Device("pi-1")]);
        rig.Settle();
        Writes([.. rig.Step(TimeSpan.FromSeconds(1), Refused(1)), .. rig.Settle()]).ShouldBe(1);
        rig.StoredDevice.Status!.Conditions.ShouldContain(condition => condition.Type == ConditionTypes.ManifestRefused);

        Writes([.. rig.Step(TimeSpan.FromSeconds(60), Refused(2)), .. rig.Settle()]).ShouldBe(0);

        rig.Notices.OfType<FleetNotice.ManifestRefused>().Count().ShouldBe(1);
    }

    private static int Writes(IEnumerable<string> effects) =>
        effects.Count(line => line.StartsWith("update device", StringComparison.Ordinal) || line.StartsWith("patch status of device", StringComparison.Ordinal));

    private FleetEvent.ReportHeard Refused(int sequence) => new(
        new DeviceReport
        {
            Device = DeviceId.Parse("pi-1"),
            Instance = "run",
            Boot = 1,
            Sequence = sequence,
            At = rig.Now,
            Refusal = new() { Reason = RefusalReason.Stale, Message = "older", At = rig.Now },
        },
        rig.Now);
}
