using Harmony.Fleet.Core.Devices;

namespace Harmony.Fleet.Tests.Core.Devices;

public sealed class InstanceTrackerTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(3);
    private InstanceTracker tracker;

    [Fact]
    public void Saw_Restarts_AreNoDuplicate()
    {
        foreach (var instance in new[] { "a", "a", "b", "b", "c", "d" })
        {
            tracker.Saw(instance, Start, Quiet).ShouldBeFalse();
        }

        tracker.IsDuplicate.ShouldBeFalse();
    }

    [Fact]
    public void Saw_TwoTakeTurns_IsADuplicateUntilOneIsQuiet()
    {
        tracker.Saw("a", Start, Quiet);
        tracker.Saw("b", Start, Quiet);
        tracker.Saw("a", Start.AddSeconds(10), Quiet).ShouldBeTrue();
        tracker.Saw("b", Start.AddSeconds(20), Quiet).ShouldBeFalse();
        tracker.IsDuplicate.ShouldBeTrue();

        tracker.Saw("b", Start.AddSeconds(200), Quiet).ShouldBeFalse();
        tracker.Saw("b", Start.AddSeconds(201), Quiet).ShouldBeTrue();
        tracker.IsDuplicate.ShouldBeFalse();
    }

    [Fact]
    public void Saw_AnotherRestartAfterADuplicate_IsNone()
    {
        foreach (var (instance, second) in new[] { ("a", 0), ("b", 1), ("a", 2), ("a", 200), ("b", 201) })
        {
            tracker.Saw(instance, Start.AddSeconds(second), Quiet);
        }

        tracker.IsDuplicate.ShouldBeFalse();
    }
}
