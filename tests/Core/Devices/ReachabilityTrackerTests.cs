using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Devices;

namespace Harmony.Fleet.Tests.Core.Devices;

public sealed class ReachabilityTrackerTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);
    private readonly ReachabilityTracker tracker = new(new());

    [Fact]
    public void Saw_FirstSign_TurnsReachableOnce()
    {
        Know(1);
        tracker.Saw(Device(0), Start).ShouldBeTrue();
        tracker.Saw(Device(0), Start).ShouldBeFalse();
        tracker.IsReachable(Device(0)).ShouldBeTrue();
        tracker.Saw(Device(9), Start).ShouldBeFalse();
    }

    [Fact]
    public void Tick_ThreeMissed_TurnsUnreachableOnceAndBackAtOnce()
    {
        Know(1, reachable: true);
        tracker.Hear(Start);
        Turned(90).ShouldBeEmpty();
        Turned(91).ShouldBe([Device(0)]);
        Turned(92).ShouldBeEmpty();
        tracker.Saw(Device(0), Start.AddSeconds(93)).ShouldBeTrue();
        Turned(94).ShouldBeEmpty();
    }

    [Fact]
    public void Tick_WhileDeafAndJustAfter_TurnsNobody()
    {
        Know(1, reachable: true);
        Turned(1000).ShouldBeEmpty();
        tracker.Hear(Start.AddSeconds(1000));
        Turned(1089).ShouldBeEmpty();
        tracker.GoDeaf();
        Turned(5000).ShouldBeEmpty();
        tracker.Hear(Start.AddSeconds(5000));
        Turned(5090).ShouldBeEmpty();
        Turned(5091).ShouldBe([Device(0)]);
    }

    [Fact]
    public void Tick_LargePartFallsSilentTogether_IsHeldBackUntilTheLimit()
    {
        Know(100, reachable: true);
        tracker.Hear(Start);
        for (var second = 1; second < 600; second++)
        {
            Beat(from: 25, to: 100, second);
            Turned(second).ShouldBeEmpty();
        }

        tracker.IsHolding.ShouldBeTrue();
        Beat(from: 25, to: 100, 601);
        Turned(601).Length.ShouldBe(25);
        Turned(602).ShouldBeEmpty();
        tracker.IsHolding.ShouldBeFalse();
    }

    [Fact]
    public void Tick_LargePartSilentAtDifferentMoments_NoneIsTurnedEarly()
    {
        Know(100, reachable: true);
        tracker.Hear(Start.AddSeconds(-1000));

        // Heartbeats are spread over an interval; then 30 of 100 stop together.
        for (var number = 0; number < 100; number++)
        {
            tracker.Saw(Device(number), Start.AddSeconds(-number % 30));
        }

        for (var second = 1; second < 300; second++)
        {
            Beat(from: 30, to: 100, second);
            Turned(second).ShouldBeEmpty();
        }
    }

    [Fact]
    public void Tick_HeldOnesComeBack_NothingWasTold()
    {
        Know(50, reachable: true);
        tracker.Hear(Start);
        Turned(200).ShouldBeEmpty();
        Beat(0, 50, 201);
        tracker.Saw(Device(0), Start.AddSeconds(201)).ShouldBeFalse();
        Turned(202).ShouldBeEmpty();
        tracker.IsHolding.ShouldBeFalse();
    }

    [Fact]
    public void Tick_FewOrASmallPart_AreNotHeldBack()
    {
        Know(9, reachable: true);
        tracker.Hear(Start);
        Turned(91).Length.ShouldBe(9);

        var large = new ReachabilityTracker(new());
        for (var number = 0; number < 100; number++)
        {
            large.Know(Device(number), isReachable: true, Start);
        }

        large.Hear(Start);
        for (var number = 15; number < 100; number++)
        {
            large.Saw(Device(number), Start.AddSeconds(91));
        }

        large.Tick(Start.AddSeconds(91)).Length.ShouldBe(15);
    }

    [Fact]
    public void Saw_OlderSign_DoesNotTurnTimeBack()
    {
        Know(1, reachable: true);
        tracker.Hear(Start);
        tracker.Saw(Device(0), Start.AddSeconds(60));
        tracker.Saw(Device(0), Start.AddSeconds(1));
        Turned(150).ShouldBeEmpty();
        Turned(151).ShouldBe([Device(0)]);
    }

    [Fact]
    public void Forget_Device_IsUnknown()
    {
        Know(1, reachable: true);
        tracker.Forget(Device(0));
        tracker.Hear(Start);
        Turned(1000).ShouldBeEmpty();
        tracker.IsReachable(Device(0)).ShouldBeFalse();
    }

    private static DeviceId Device(int number) => DeviceId.Parse($"pi-{number}");

    private void Know(int count, bool reachable = false)
    {
        for (var number = 0; number < count; number++)
        {
            tracker.Know(Device(number), reachable, Start);
        }
    }

    private void Beat(int from, int to, int second)
    {
        for (var number = from; number < to; number++)
        {
            tracker.Saw(Device(number), Start.AddSeconds(second));
        }
    }

    private DeviceId[] Turned(int second) => [.. tracker.Tick(Start.AddSeconds(second)).Select(change => change.Device)];
}
