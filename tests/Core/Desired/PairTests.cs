using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Aggregation;
using Harmony.Fleet.Core.Desired;

namespace Harmony.Fleet.Tests.Core.Desired;

/// <summary>What is said of a pair and how it was counted stand in one number: neither may change the other.</summary>
public sealed class PairTests
{
    private const int LastSlot = (1 << 24) - 1;

    [Fact]
    public void Pair_WhateverIsSaidAndCounted_KeepsBoth()
    {
        var pair = new Pair(LastSlot, 5, ushort.MaxValue - 1);
        foreach (var phase in Enum.GetValues<Phase>())
        {
            foreach (var state in Enum.GetValues<PairState>())
            {
                for (var bits = 0; bits < 8; bits++)
                {
                    var verdict = new Verdict(state, (bits & 1) != 0 ? Samples.Error(1, "x", 1) : null, (bits & 2) != 0);
                    pair.Count(verdict);
                    pair.Say((ushort)bits, phase, (bits & 4) != 0);
                    (pair.Deployment, pair.Position, pair.Given, pair.Said, pair.Phase, pair.IsCompleted).ShouldBe((LastSlot, 5, (ushort)(ushort.MaxValue - 1), (ushort)bits, phase, (bits & 4) != 0));
                    (pair.Counted, pair.IsErrorCounted, pair.IsCountedCompleted).ShouldBe((state, (bits & 1) != 0, (bits & 2) != 0));
                    pair.Say((ushort)bits, Phase.Pending, !pair.IsCompleted);
                    pair.Count(verdict);
                    (pair.Phase, pair.Counted, pair.IsErrorCounted, pair.IsCountedCompleted).ShouldBe((Phase.Pending, state, (bits & 1) != 0, (bits & 2) != 0));
                }
            }
        }
    }

    /// <summary>A fleet has a million of them.</summary>
    [Fact]
    public void Pair_IsTwelveBytes() => System.Runtime.CompilerServices.Unsafe.SizeOf<Pair>().ShouldBe(12);

    [Fact]
    public void Pair_BeyondTheLastSlot_IsRefused() => Should.Throw<ArgumentOutOfRangeException>(() => new Pair(LastSlot + 1, 0, 1));

    [Fact]
    public void PairList_WhateverComesAndGoes_IsAsAList()
    {
        var (list, expected, random) = (PairList.Empty, new List<int>(), new Random(1));
        for (var step = 0; step < 2000; step++)
        {
            if (random.Next(400) > step % 400 || expected.Count == 0)
            {
                var at = random.Next(expected.Count + 1);
                list.Insert(at, new Pair(step, 0, 1));
                expected.Insert(at, step);
            }
            else
            {
                var at = random.Next(expected.Count);
                list.RemoveAt(at);
                expected.RemoveAt(at);
            }

            list.Count.ShouldBe(expected.Count);
            for (var index = 0; index < expected.Count; index++)
            {
                (list[index].Deployment == expected[index]).ShouldBeTrue();
            }
        }
    }
}
