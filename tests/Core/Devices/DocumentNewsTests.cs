using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Devices;

namespace Harmony.Fleet.Tests.Core.Devices;

public sealed class DocumentNewsTests
{
    private DocumentNews news;

    [Fact]
    public void Take_EachKind_HasItsOwnOrder()
    {
        news.TakeReport(new(2, 9)).ShouldBe(Newness.News);
        news.TakeInfo(new(2, 3)).ShouldBe(Newness.News);
        news.TakeInfo(new(2, 3)).ShouldBe(Newness.Known);
        news.TakeInfo(new(2, 2)).ShouldBe(Newness.Old);
        news.TakeBeat(new(2, 1)).ShouldBe(Newness.News);
        news.Progress.ShouldBe(new DeviceProgress(2, 3, 9));
    }

    [Fact]
    public void Take_AHeartbeatOfANewStart_MakesAllOfTheOneBeforeOld()
    {
        news.TakeInfo(new(2, 300)).ShouldBe(Newness.News);
        news.TakeBeat(new(3, 1)).ShouldBe(Newness.News);
        news.TakeInfo(new(2, 301)).ShouldBe(Newness.Old);
        news.HasInfo.ShouldBeTrue("what was taken counts until the new start says who it is");
        news.TakeInfo(new(3, 2)).ShouldBe(Newness.News);
    }

    [Fact]
    public void Take_WithoutACount_IsNewsUntilOneWasCounted()
    {
        news.TakeReport(new(0, 5)).ShouldBe(Newness.News);
        news.TakeReport(new(0, 1)).ShouldBe(Newness.News);
        news.Progress.ShouldBeNull();
        news.TakeReport(new(1, 1)).ShouldBe(Newness.News);
        news.TakeReport(new(0, 6)).ShouldBe(Newness.Old);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(1, -1)]
    [InlineData(1L << 53, 1)]
    [InlineData(1, 1L << 53)]
    public void Take_ImpossibleNumbers_AreNoNews(long boot, long sequence)
    {
        news.TakeInfo(new(boot, sequence)).ShouldBe(Newness.Old);
        news.Progress.ShouldBeNull();
    }

    [Fact]
    public void Remember_OfWhatTheStoreKnows_TakesBackWhatIsOlder()
    {
        news.TakeInfo(new(2, 3));
        news.TakeReport(new(2, 4));
        news.Remember(new DeviceProgress(2, 3, 5));
        (news.HasInfo, news.HasReport).ShouldBe((true, false));
        news.TakeReport(new(2, 5)).ShouldBe(Newness.News, "it is what the store remembers, and was not heard yet");
        news.Remember(new DeviceProgress(3, 0, 0));
        (news.HasInfo, news.HasReport).ShouldBe((false, false));
        news.Remember(new DeviceProgress(1, 99, 99));
        news.Progress.ShouldBe(new DeviceProgress(3, 0, 0));
    }

    /// <summary>What it has in its status is behind what it was heard to say: that is to be written.</summary>
    [Fact]
    public void IsUnstored_FromAStoredKindUntilItIsRemembered()
    {
        news.TakeBeat(new(2, 1));
        news.IsUnstored.ShouldBeTrue("it is a new start");
        news.Remember(new DeviceProgress(2, 0, 0));
        news.IsUnstored.ShouldBeFalse();
        news.TakeBeat(new(2, 2));
        news.IsUnstored.ShouldBeFalse("heartbeats are not stored");
        news.TakeInfo(new(2, 3));
        news.IsUnstored.ShouldBeTrue();
        news.Remember(new DeviceProgress(2, 2, 0));
        news.IsUnstored.ShouldBeTrue();
        news.Remember(new DeviceProgress(2, 3, 0));
        news.IsUnstored.ShouldBeFalse();
        news.TakeReport(new(2, 4));
        news.IsUnstored.ShouldBeTrue();
    }

    [Fact]
    public void IsUnstored_WithoutACount_Never()
    {
        news.TakeInfo(new(0, 5));
        news.TakeReport(new(0, 6));
        news.IsUnstored.ShouldBeFalse();
    }

    /// <summary>An old start that goes on counting is another process with the same name; one that is repeated is an echo of the bus.</summary>
    [Fact]
    public void GoesOnAside_OfAnOldStartThatCounts_IsSeenFromItsSecondSign()
    {
        news.TakeBeat(new(5, 1));
        news.GoesOnAside(new(3, 7)).ShouldBeFalse();
        news.GoesOnAside(new(3, 7)).ShouldBeFalse();
        news.GoesOnAside(new(3, 6)).ShouldBeFalse();
        news.GoesOnAside(new(3, 8)).ShouldBeTrue();
        news.GoesOnAside(new(4, 1)).ShouldBeFalse("it is another one");
        news.GoesOnAside(new(3, 9)).ShouldBeFalse("the newest of the old ones counts");
        news.GoesOnAside(new(4, 2)).ShouldBeTrue();
    }
}
