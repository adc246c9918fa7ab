using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Selectors;
using Harmony.Fleet.LoadTest.Plans;

namespace Harmony.Fleet.Tests.LoadTest.Plans;

public sealed class LoadPlanTests
{
    [Theory]
    [InlineData(2, 2)]
    [InlineData(7, 3)]
    [InlineData(40, 37)]
    [InlineData(5, 200)]
    [InlineData(300, 25)]
    public void Selectors_MatchTheDevicesThatAreMeant_AndNoOthers(int devices, int deployments)
    {
        var plan = new LoadPlan(devices, deployments);
        var selectors = Enumerable.Range(0, deployments)
            .Select(number => ((SelectorOutcome.Compiled)Selector.TryCompile(plan.Deployment(number).Spec.TargetSelector)).Selector).ToArray();
        long pairs = 0;
        for (var device = 0; device < devices; device++)
        {
            var labels = LabelSet.Of([.. plan.LabelsOf(device), new(ApiGroup.DeviceIdLabel, LoadPlan.Device(device).Value)]);
            var matched = Enumerable.Range(0, deployments).Where(number => selectors[number].Matches(labels)).ToArray();
            matched.ShouldBe(plan.DeploymentsOf(device).Order());
            pairs += matched.Length;
        }

        plan.Pairs.ShouldBe(pairs);
        plan.Probes.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void WhatIsStored_ThatIsNotWhatWasWritten_IsWrong()
    {
        var plan = new LoadPlan(20, 12);
        var expected = new Expectation(plan);
        for (var device = 0; device < plan.Devices; device++)
        {
            expected.Of(device).AsSpan().Fill(Phase.Running);
        }

        expected.Of(19)[0] = Phase.Failed;
        expected.Of(18)[0] = Phase.Pulling;
        var stored = expected.Aggregates().Select((counts, number) => plan.Deployment(number) with
        {
            Status = new()
            {
                Aggregate = new() { MatchedDeviceCount = counts.Matched, Succeeded = counts.Succeeded, Failed = counts.Failed, Pending = counts.Pending },
            },
        }).ToArray();

        expected.Aggregates().ShouldAllBe(counts => counts.AddUp);
        expected.Wrong(stored).ShouldBeEmpty();
        expected.Wrong(stored.Skip(1)).ShouldBe([0]);
        var one = stored[3];
        stored[3] = one with { Status = one.Status! with { Aggregate = one.Status.Aggregate with { Succeeded = one.Status.Aggregate.Succeeded - 1, Unreachable = 1 } } };
        expected.Wrong(stored).ShouldBe([3]);
    }
}
