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

    /// <summary>It was read before another operator wrote that it is heard, and again after that.</summary>
    [Fact]
    public void Know_OfOneThatAnotherOperatorHeardMeanwhile_CountsItsSilenceFromThen()
    {
        Know(1);
        tracker.Know(Device(0), isReachable: true, Start.AddSeconds(60));

        tracker.IsReachable(Device(0)).ShouldBeTrue();
        tracker.Hear(Start);
        Turned(150).ShouldBeEmpty();
        Turned(151).ShouldBe([Device(0)]);
        tracker.Know(Device(0), isReachable: true, Start.AddSeconds(152));
        tracker.IsReachable(Device(0)).ShouldBeFalse("it was found to be silent here: what was written before says nothing");
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

    /// <summary>They do not fall silent in one moment, and yet within a minute: but for the first few, nobody is told.</summary>
    [Fact]
    public void Tick_LargePartFallsSilentWithinAMinute_IsHeldBack()
    {
        Know(1000, reachable: true);
        tracker.Hear(Start);
        var told = 0;
        for (var second = 1; second < 500; second++)
        {
            Beat(from: Math.Min(240, 4 * second), to: 1000, second);
            told += Turned(second).Length;
        }

        tracker.IsHolding.ShouldBeTrue();
        told.ShouldBeLessThan(100);
    }

    [Fact]
    public void Tick_ManyFallSilentOverAnHour_AreToldOneByOne()
    {
        Know(1000, reachable: true);
        tracker.Hear(Start);
        var told = 0;
        for (var second = 1; second < 3800; second++)
        {
            Beat(from: Math.Min(500, second / 7), to: 1000, second);
            told += Turned(second).Length;
            tracker.IsHolding.ShouldBeFalse();
        }

        told.ShouldBe(500);
    }

    [Fact]
    public void Wake_AfterAPause_CountsSilenceFromThere()
    {
        Know(1, reachable: true);
        tracker.Hear(Start);
        tracker.Wake(Start.AddSeconds(1000));
        Turned(1090).ShouldBeEmpty();
        Turned(1091).ShouldBe([Device(0)]);
        tracker.GoDeaf();
        tracker.Wake(Start.AddSeconds(2000));
        Turned(9000).ShouldBeEmpty("one that is deaf does not hear by waking");
    }

    /// <summary>Each is looked at about once in the time in which it may be silent, and not at each look.</summary>
    [Fact]
    public void Tick_OfALargeFleet_VisitsFew()
    {
        const int Count = 9000;
        Know(Count, reachable: true);
        tracker.Hear(Start);
        var (visited, most) = (0, 0);
        for (var second = 1; second <= 600; second++)
        {
            for (var number = second % 30; number < Count; number += 30)
            {
                tracker.Saw(Device(number), Start.AddSeconds(second)).ShouldBeFalse();
            }

            Turned(second).ShouldBeEmpty();
            visited += tracker.Visited;
            most = second > 100 ? Math.Max(most, tracker.Visited) : most;
        }

        visited.ShouldBeLessThan(Count * 600 / 15);
        most.ShouldBeLessThan(Count / 10);
    }

    /// <summary>Against a tracker that looks at all of them each time, with signs of life in any order.</summary>
    [Fact]
    public void Tick_WhateverHappens_TurnsThoseThatALookAtAllWouldTurn()
    {
        var random = new Random(11);
        var seen = new Dictionary<int, (int At, bool IsReachable)>();
        tracker.Hear(Start.AddDays(-1));
        for (var second = 1; second < 4000; second++)
        {
            var (number, at) = (random.Next(9), second - random.Next(random.Next(3) == 0 ? 200 : 3));
            switch (random.Next(12))
            {
                case 0:
                    tracker.Forget(Device(number));
                    seen.Remove(number);
                    break;
                case 1:
                    tracker.Know(Device(number), number % 2 == 0, Start.AddSeconds(second));
                    seen.TryAdd(number, (second, number % 2 == 0));
                    break;
                case < 4 when seen.TryGetValue(number, out var life):
                    tracker.Saw(Device(number), Start.AddSeconds(at)).ShouldBe(!life.IsReachable);
                    seen[number] = (Math.Max(at, life.At), true);
                    break;
                default:
                    break;
            }

            var expected = seen.Where(one => one.Value.IsReachable && second - one.Value.At > 90).Select(one => one.Key).ToArray();
            Turned(second).ShouldBe(expected.Select(Device), ignoreOrder: true, $"second {second}");
            Array.ForEach(expected, turned => seen[turned] = (seen[turned].At, false));
        }
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
