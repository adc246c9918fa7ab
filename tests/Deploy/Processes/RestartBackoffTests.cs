using Harmony.Fleet.Deploy.Processes;

namespace Harmony.Fleet.Tests.Deploy.Processes;

public sealed class RestartBackoffTests
{
    [Fact]
    public void Next_WhateverHappens_IsNeverBeyondTheCeiling()
    {
        var backoff = new RestartBackoff(new Random(1));
        for (var i = 0; i < 1000; i++)
        {
            backoff.Next(TimeSpan.Zero).ShouldBeInRange(TimeSpan.Zero, RestartBackoff.Ceiling);
        }
    }

    [Fact]
    public void Next_OfProcessesThatEndAtOnce_GrowsOnAverage()
    {
        double Mean(int after) => Enumerable.Range(0, 200).Average(seed =>
        {
            var backoff = new RestartBackoff(new Random(seed));
            for (var i = 0; i < after; i++)
            {
                backoff.Next(TimeSpan.Zero);
            }

            return backoff.Next(TimeSpan.Zero).TotalMilliseconds;
        });

        Mean(6).ShouldBeGreaterThan(10 * Mean(0));
    }

    [Fact]
    public void Next_AfterAProcessThatRanLong_IsShortAgain()
    {
        var backoff = new RestartBackoff(new Random(1));
        for (var i = 0; i < 10; i++)
        {
            backoff.Next(TimeSpan.Zero);
        }

        backoff.Next(RestartBackoff.Stable).ShouldBeLessThanOrEqualTo(TimeSpan.FromMilliseconds(500));
    }
}
