using Harmony.Fleet.Deploy.Processes;

namespace Harmony.Fleet.Tests.Deploy.Processes;

public sealed class BoundedTests
{
    [Fact]
    public async Task Work_OnMany_IsAFewAtATime_InTheirOrder()
    {
        var (running, most) = (0, 0);
        var done = await Bounded.AllAsync(Enumerable.Range(0, 500), async number =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Decrement(ref running);
            return number * 2;
        });
        done.ShouldBe(Enumerable.Range(0, 500).Select(number => number * 2));
        most.ShouldBeInRange(1, 16);
    }

    private static void InterlockedMax(ref int most, int now)
    {
        for (var seen = Volatile.Read(ref most); now > seen && Interlocked.CompareExchange(ref most, now, seen) != seen; seen = Volatile.Read(ref most))
        {
        }
    }
}
