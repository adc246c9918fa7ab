using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Aggregation;

namespace Harmony.Fleet.Tests.Core.Aggregation;

public sealed class AggregateCounterTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);
    private readonly AggregateCounter counter = new();

    [Fact]
    public void Add_EachState_CountsItWhereItBelongs_AndRemoveTakesItBack()
    {
        Verdict[] verdicts =
        [
            new(PairState.Succeeded, null), new(PairState.Succeeded, null), new(PairState.Succeeded, null, IsCompleted: true), new(PairState.Failed, Error("a", 1)),
            new(PairState.Failed, null), new(PairState.Pending, null), new(PairState.Unreachable, null), new(PairState.Unreachable, null),
        ];
        Array.ForEach(verdicts, counter.Add);

        counter.Aggregate.ShouldBe(new()
        {
            MatchedDeviceCount = 8, Succeeded = 3, Completed = 1, Failed = 2, Pending = 1, Unreachable = 2, LastError = Error("a", 1),
        });

        Array.ForEach(verdicts, counter.Remove);
        counter.Aggregate.ShouldBe(new());
    }

    [Fact]
    public void LastError_IsTheNewest_AndOfEqualTimesAlwaysTheSame()
    {
        counter.Add(new(PairState.Failed, Error("b", 2)));
        counter.Add(new(PairState.Failed, Error("c", 1)));
        counter.Add(new(PairState.Failed, Error("a", 2)));
        counter.Aggregate.LastError.ShouldBe(Error("b", 2));

        counter.Remove(new(PairState.Failed, Error("b", 2)));
        counter.Aggregate.LastError.ShouldBe(Error("a", 2));
        counter.Remove(new(PairState.Failed, Error("a", 2)));
        counter.Aggregate.LastError.ShouldBe(Error("c", 1));
    }

    private static DeviceError Error(string device, int second) => new() { Device = DeviceId.Parse(device), Message = "it broke", At = Start.AddSeconds(second) };
}
