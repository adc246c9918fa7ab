using Harmony.Fleet.Core.Retries;
using Harmony.Fleet.Operator.Control.Work;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Fleet.Tests.Operator.Control.Work;

public sealed class WorkQueueTests
{
    private readonly FakeTimeProvider time = new();
    private readonly WorkQueue<string> queue;

    public WorkQueueTests() => queue = new(time, new Random(1), new BackOff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8)));

    [Fact]
    public void Add_Twice_IsTakenOnce()
    {
        queue.Add("a");
        queue.Add("a");
        queue.Ready.ShouldBe(1);
        Take().ShouldBe("a");
        Take().ShouldBeNull();
    }

    [Fact]
    public void Add_WhileUnderWay_ComesAgainAfterwards()
    {
        queue.Add("a");
        Take();
        queue.Add("a");
        Take().ShouldBeNull();
        queue.Finish("a");
        Take().ShouldBe("a");
        queue.Finish("a");
        Take().ShouldBeNull();
    }

    [Fact]
    public void Retry_Failures_ComeAgainAfterGrowingBoundedWaits()
    {
        queue.Add("a");
        Take();
        for (var failure = 1; failure <= 10; failure++)
        {
            queue.Retry("a");
            Take().ShouldBeNull();
            time.Advance(TimeSpan.FromSeconds(Math.Min(8, 1 << (failure - 1))));
            Take().ShouldBe("a");
        }
    }

    [Fact]
    public void Retry_ThenAdd_IsTakenAtOnceAndNotTwice()
    {
        queue.Add("a");
        Take();
        queue.Retry("a");
        queue.Add("a");
        Take().ShouldBe("a");
        queue.Finish("a");
        time.Advance(TimeSpan.FromSeconds(8));

        // The delayed one comes too: looking once more does no harm, being under way twice would.
        Take().ShouldBe("a");
        Take().ShouldBeNull();
    }

    [Fact]
    public void AddAt_BeforeItsTime_IsNotTaken()
    {
        queue.AddAt("a", time.GetUtcNow().AddSeconds(5));
        time.Advance(TimeSpan.FromSeconds(4));
        Take().ShouldBeNull();
        time.Advance(TimeSpan.FromSeconds(1));
        Take().ShouldBe("a");
    }

    private string? Take() => queue.TryTake(out var key) ? key : null;
}
