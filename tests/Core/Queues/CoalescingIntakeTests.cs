using Harmony.Fleet.Core.Queues;
using Harmony.Fleet.Core.Retries;

namespace Harmony.Fleet.Tests.Core.Queues;

public sealed class CoalescingIntakeTests
{
    private readonly CoalescingIntake<string> intake = new(new TokenLimit(Burst: 3, PerSecond: 1));
    private TimeSpan now = TimeSpan.FromSeconds(50);
    private ulong revision;

    [Fact]
    public void Takes_Few_TakesEach()
    {
        for (var count = 0; count < 20; count++)
        {
            Takes("a").ShouldBeTrue();
            Due().ShouldBeNull();
            now += TimeSpan.FromSeconds(1);
        }
    }

    [Fact]
    public void Takes_AFlood_TakesTheBurst_ThenTheNewestWhenItsTimeComes()
    {
        Enumerable.Range(0, 1000).Count(_ => Takes("a")).ShouldBe(3);
        intake.Held.ShouldBe(1);
        Due().ShouldBeNull();

        now += TimeSpan.FromSeconds(1);
        Due().ShouldBe("a");
        Due().ShouldBeNull("it is being read");
        intake.Read("a", revision, now);

        intake.Held.ShouldBe(0);
        now += TimeSpan.FromHours(1);
        Due().ShouldBeNull("all of it is known");
    }

    [Fact]
    public void Takes_OneThatFloods_HoldsUpNobodyElse()
    {
        Enumerable.Range(0, 1000).Count(_ => Takes("a")).ShouldBe(3);
        Takes("b").ShouldBeTrue();
    }

    /// <summary>What is taken at once must not overtake what is being read.</summary>
    [Fact]
    public void Takes_WhileItIsRead_WaitsForIt_AndComesAgain()
    {
        Enumerable.Range(0, 4).Count(_ => Takes("a")).ShouldBe(3);
        now += TimeSpan.FromSeconds(1);
        Due().ShouldBe("a");
        var read = revision;
        now += TimeSpan.FromHours(1);

        Takes("a").ShouldBeFalse();
        intake.Read("a", read, now);

        Due().ShouldBe("a");
        intake.Read("a", revision, now);
        Due().ShouldBeNull();
        Takes("a").ShouldBeTrue();
    }

    [Fact]
    public void Retry_ComesAgainAfterThePause()
    {
        Enumerable.Range(0, 4).Count(_ => Takes("a")).ShouldBe(3);
        now += TimeSpan.FromSeconds(1);
        Due().ShouldBe("a");
        intake.Retry("a", TimeSpan.FromSeconds(5), now);

        now += TimeSpan.FromSeconds(4.9);
        Due().ShouldBeNull();
        now += TimeSpan.FromSeconds(0.1);
        Due().ShouldBe("a");
    }

    [Fact]
    public void Due_OneThatGrew_WaitsForItsTokens()
    {
        Enumerable.Range(0, 4).Count(_ => Takes("a")).ShouldBe(3);
        intake.Takes("a", ++revision, 3, now).ShouldBeFalse();
        now += TimeSpan.FromSeconds(1);
        Due().ShouldBeNull();
        now += TimeSpan.FromSeconds(2);
        Due().ShouldBe("a");
    }

    [Fact]
    public void ForgetHeld_NothingIsDue_AndTheLimitStays()
    {
        Enumerable.Range(0, 4).Count(_ => Takes("a")).ShouldBe(3);
        intake.ForgetHeld();
        Takes("a").ShouldBeFalse();
        now += TimeSpan.FromSeconds(1);
        Due().ShouldBe("a");
    }

    [Fact]
    public void ForgetHeld_WhatIsNotTakenAgain_IsNeverDue()
    {
        Enumerable.Range(0, 4).Count(_ => Takes("a")).ShouldBe(3);
        intake.ForgetHeld();
        now += TimeSpan.FromHours(1);
        Due().ShouldBeNull();
        intake.Held.ShouldBe(0);
    }

    /// <summary>The bucket was made anew: its revisions begin again.</summary>
    [Fact]
    public void ForgetHeld_WhileOneIsRead_ItsRevisionCountsNoMore()
    {
        Enumerable.Range(0, 4).Count(_ => Takes("a")).ShouldBe(3);
        now += TimeSpan.FromSeconds(1);
        Due().ShouldBe("a");
        intake.ForgetHeld();
        intake.Takes("a", 1, 1, now).ShouldBeFalse();

        intake.Read("a", revision, now);
        intake.Retry("a", TimeSpan.Zero, now);

        Due().ShouldBeNull();
        now += TimeSpan.FromSeconds(1);
        Due().ShouldBe("a");
    }

    [Fact]
    public void WhoTakesNothingForAWhile_IsForgotten()
    {
        for (var device = 0; device < 100; device++)
        {
            Takes($"device-{device}").ShouldBeTrue();
        }

        now += TimeSpan.FromSeconds(30);
        Takes("b");
        intake.Known.ShouldBe(101, "all of them are looked at once a minute, and not at each document");

        now += TimeSpan.FromMinutes(2);
        Takes("a");
        intake.Known.ShouldBe(1);
    }

    private bool Takes(string key) => intake.Takes(key, ++revision, 1, now);

    private string? Due() => intake.TryTakeDue(now, out var key, out _) ? key.ShouldNotBeNull() : null;
}
