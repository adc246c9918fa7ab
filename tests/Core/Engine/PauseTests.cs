using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Events;
using static Harmony.Fleet.Tests.Core.Engine.EngineRig;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>An operator that stood still has not heard for that long, and that is nobody's silence.</summary>
public sealed class PauseTests
{
    private static readonly string[] Names = ["pi-1", "pi-2"];
    private readonly EngineRig rig = new();
    private long sequence;

    public PauseTests()
    {
        rig.Begin([], Names.Select(name => Device(name)));
        Beats(Names);
    }

    private IEnumerable<DeviceId> Silent => rig.Notices.OfType<FleetNotice.DeviceTurned>().Where(turned => !turned.IsReachable).Select(turned => turned.Device);

    [Fact]
    public void Pause_WhateverItsLength_MakesNobodyUnreachableBeforeItWasHeard()
    {
        for (var pause = 0; pause < 5; pause++)
        {
            rig.Wake(TimeSpan.FromMinutes(20), [], isMoreWaiting: true);
            rig.Step(TimeSpan.FromSeconds(1));
            Beats(Names);
        }

        Silent.ShouldBeEmpty();
        rig.Notices.OfType<FleetNotice.Woke>().Count().ShouldBe(5);
    }

    [Fact]
    public void Pause_OfADeviceThatIsReallyGone_TellsSoLater()
    {
        rig.Wake(TimeSpan.FromMinutes(20), []);
        for (var turn = 0; turn < 12; turn++)
        {
            Beats("pi-2");
            rig.Step(TimeSpan.FromSeconds(10));
        }

        Silent.ShouldBe([DeviceId.Parse("pi-1")]);
    }

    /// <summary>What waits is heard first; but who floods must not keep silence from being told.</summary>
    [Fact]
    public void Backlog_HoldsALookUp_AndNotForEver()
    {
        for (var second = 0; second <= 91; second++)
        {
            Turn(isMoreWaiting: true);
        }

        Silent.ShouldBeEmpty();
        Beats("pi-1");
        for (var second = 0; second < 60; second++)
        {
            Turn(isMoreWaiting: true);
        }

        Silent.ShouldBe([DeviceId.Parse("pi-2")]);
    }

    private void Turn(bool isMoreWaiting) => rig.Wake(TimeSpan.FromSeconds(1), [], isMoreWaiting);

    private void Beats(params IEnumerable<string> devices) => rig.Step([.. devices.Select(device => rig.Beat(device, ++sequence))]);
}
