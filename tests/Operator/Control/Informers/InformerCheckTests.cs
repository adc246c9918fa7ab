using Harmony.Fleet.Operator.Control;
using Harmony.Fleet.Operator.Control.Informers;
using Microsoft.Extensions.Time.Testing;

namespace Harmony.Fleet.Tests.Operator.Control.Informers;

public sealed class InformerCheckTests
{
    private readonly FakeTimeProvider time = new();
    private readonly InformerCheck check;
    private readonly InformerState state;

    public InformerCheckTests()
    {
        check = new InformerCheck(new ControlOptions(), time);
        state = check.Begin("the first", "the watch of the test")[1];
    }

    [Fact]
    public void OneThatFailsForLong_IsSaid_UntilItWorks()
    {
        Fail();
        check.Missing().ShouldBeNull("it may be over at once");
        FailForLong();
        check.Missing().ShouldNotBeNull().ShouldEndWith(" s: the watch of the test fails, and is tried again: thrown by the test");

        state.Works();
        check.Missing().ShouldBeNull();
        Fail();
        check.Missing().ShouldBeNull("it worked for long");
    }

    /// <summary>Each list succeeds, and each watch fails at once: what is heard is as old as the last try.</summary>
    [Fact]
    public void OneThatWorksForAMomentOnly_HasFailedAllTheTime()
    {
        FailForLong();
        state.Works();
        state.Failed("thrown by the test");
        check.Missing().ShouldNotBeNull();
    }

    [Fact]
    public void WhatTheEngineBeforeMet_IsOver()
    {
        FailForLong();
        check.Missing().ShouldNotBeNull();
        check.Begin("the watch of the test");
        check.Missing().ShouldBeNull();
    }

    /// <summary>By the end of it, it has worked for longer than it may fail.</summary>
    private void Fail()
    {
        time.Advance(2 * new ControlOptions().DeafLimit);
        state.Failed("thrown by the test");
    }

    private void FailForLong()
    {
        state.Failed("thrown by the test");
        time.Advance(2 * new ControlOptions().DeafLimit);
        state.Failed("thrown by the test");
    }
}
