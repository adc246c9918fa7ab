using Harmony.Fleet.Core.Queues;
using Harmony.Fleet.Core.Retries;

namespace Harmony.Fleet.Tests.Core.Queues;

public sealed class WorkQueueTests
{
    private readonly WorkQueue<string> queue = new(new BackOff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8)), new Random(1));
    private DateTimeOffset now = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Add_Twice_IsTakenOnce()
    {
        queue.Add("a");
        queue.Add("a");
        queue.CountReady(now).ShouldBe(1);
        Take().ShouldBe("a");
        Take().ShouldBeNull();
    }

    [Fact]
    public void Add_WhileProcessed_ComesAgainAfterwards()
    {
        queue.Add("a");
        Take();
        queue.Add("a");
        Take().ShouldBeNull();
        queue.Done("a");
        Take().ShouldBe("a");
        queue.Done("a");
        Take().ShouldBeNull();
    }

    [Fact]
    public void Retry_Failures_ComeAgainAfterGrowingBoundedWaits()
    {
        queue.Add("a");
        Take();
        for (var failure = 1; failure <= 10; failure++)
        {
            queue.Retry("a", now);
            Take().ShouldBeNull();
            Pass(Math.Min(8, 1 << (failure - 1)));
            Take().ShouldBe("a");
        }
    }

    [Fact]
    public void Done_AfterFailures_MakesTheNextWaitShort()
    {
        queue.Add("a");
        for (var failure = 0; failure < 6; failure++)
        {
            Take().ShouldBe("a");
            queue.Retry("a", now);
            Pass(8);
        }

        Take().ShouldBe("a");
        queue.Done("a");
        queue.Add("a");
        Take().ShouldBe("a");
        queue.Retry("a", now);
        Pass(1);
        Take().ShouldBe("a");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Add_InABackOff_DoesNotJumpIt(bool isAddedLater)
    {
        queue.Add("a");
        Take();
        queue.Retry("a", now);

        queue.Add("a");
        if (isAddedLater)
        {
            queue.AddAt("a", now);
        }

        Take().ShouldBeNull();
        Pass(1);
        Take().ShouldBe("a");
        queue.Done("a");
        Pass(100);
        Take().ShouldBeNull();
    }

    [Fact]
    public void Retry_OfAKeyThatWasAddedMeanwhile_WaitsToo()
    {
        queue.Add("a");
        Take();
        queue.Add("a");
        queue.Retry("a", now);
        Take().ShouldBeNull();
        Pass(1);
        Take().ShouldBe("a");
    }

    [Fact]
    public void ForgetBackOffs_OfWaitingKeys_LetsThemBeTakenOnceAndNow()
    {
        foreach (var key in (string[])["a", "b"])
        {
            queue.Add(key);
            Take();
            queue.Retry(key, now);
        }

        queue.ForgetBackOffs();

        queue.CountReady(now).ShouldBe(2);
        Take().ShouldBe("a");
        queue.Done("a");
        Take().ShouldBe("b");
        queue.Done("b");
        Pass(100);
        Take().ShouldBeNull();
    }

    [Fact]
    public void AddAt_BeforeItsTime_IsNotTaken()
    {
        queue.AddAt("a", now.AddSeconds(5));
        Pass(4);
        Take().ShouldBeNull();
        Pass(1);
        Take().ShouldBe("a");
    }

    [Fact]
    public void AddAt_SeveralTimes_IsTakenOnceAtTheEarliest()
    {
        queue.AddAt("a", now.AddSeconds(5));
        queue.AddAt("a", now.AddSeconds(3));
        queue.AddAt("a", now.AddSeconds(9));
        Pass(3);
        Take().ShouldBe("a");
        queue.Done("a");
        Pass(100);
        Take().ShouldBeNull();
    }

    [Fact]
    public void AddAt_OfAKeyThatWorksAfterAFailure_IsTakenAtItsTime()
    {
        queue.Add("a");
        Take();
        queue.Retry("a", now);
        Pass(1);
        Take();

        queue.AddAt("a", now.AddSeconds(5));

        queue.Done("a");
        Pass(4);
        Take().ShouldBeNull();
        Pass(1);
        Take().ShouldBe("a");
    }

    [Fact]
    public void AddAt_BeforeTheEndOfABackOff_IsNoWayRoundIt()
    {
        queue.Add("a");
        Take();
        queue.AddAt("a", now.AddMilliseconds(1));
        queue.Retry("a", now);
        Pass(0.05); // A tenth of a second is the shortest wait.
        Take().ShouldBeNull();
        Pass(1);
        Take().ShouldBe("a");
    }

    /// <summary>What is to be done later is done though what was to be done before it failed.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AddAt_AfterTheEndOfABackOff_IsTakenThenAsWell(bool isAddedLater)
    {
        queue.Add("a");
        Take();
        if (!isAddedLater)
        {
            queue.AddAt("a", now.AddSeconds(90));
        }

        queue.Retry("a", now);
        if (isAddedLater)
        {
            queue.AddAt("a", now.AddSeconds(90));
        }

        Pass(1);
        Take().ShouldBe("a");
        queue.Done("a");
        Pass(88);
        Take().ShouldBeNull();
        Pass(1);
        Take().ShouldBe("a");
    }

    [Fact]
    public void ForgetBackOffs_OfAKeyThatIsToComeLater_LeavesThat()
    {
        queue.AddAt("a", now.AddSeconds(90));
        queue.Add("a");
        Take();
        queue.Retry("a", now);

        queue.ForgetBackOffs();

        Take().ShouldBe("a");
        queue.Done("a");
        Pass(90);
        Take().ShouldBe("a");
    }

    [Fact]
    public void CountReady_OfWhatIsDueByNow_CountsIt()
    {
        queue.AddAt("a", now.AddSeconds(5));
        queue.CountReady(now).ShouldBe(0);
        Pass(5);
        queue.CountReady(now).ShouldBe(1);
    }

    [Fact]
    public void Retry_AgainAndAgain_WaitsLongerThanTheFirstTime()
    {
        queue.Add("a");
        for (var failure = 0; failure < 8; failure++)
        {
            Take().ShouldBe("a");
            queue.Retry("a", now);
            Pass(8);
        }

        // A tenth of the longest wait is the least of it.
        Take().ShouldBe("a");
        queue.Retry("a", now);
        Pass(0.75);
        Take().ShouldBeNull();
    }

    private void Pass(double seconds) => now = now.AddSeconds(seconds);

    private string? Take() => queue.TryTake(now, out var key) ? key : null;
}
