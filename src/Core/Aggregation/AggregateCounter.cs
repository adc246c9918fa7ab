using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Core.Aggregation;

/// <summary>The counts of one deployment, kept up to date one pair at a time.</summary>
public sealed class AggregateCounter
{
    private readonly int[] counts = new int[4];
    private SortedSet<DeviceError>? errors;
    private int completed;

    /// <summary>The counts as they are.</summary>
    public DeploymentAggregate Aggregate => new()
    {
        MatchedDeviceCount = counts.Sum(),
        Succeeded = counts[(int)PairState.Succeeded],
        Completed = completed,
        Failed = counts[(int)PairState.Failed],
        Pending = counts[(int)PairState.Pending],
        Unreachable = counts[(int)PairState.Unreachable],
        LastError = errors?.Max,
    };

    /// <summary>Counts a pair.</summary>
    public void Add(Verdict verdict)
    {
        counts[(int)verdict.State]++;
        completed += verdict.IsCompleted ? 1 : 0;
        if (verdict.Error is { } error)
        {
            (errors ??= new(NewestLast.Instance)).Add(error);
        }
    }

    /// <summary>Counts a pair no more.</summary>
    public void Remove(Verdict verdict)
    {
        counts[(int)verdict.State]--;
        completed -= verdict.IsCompleted ? 1 : 0;
        if (verdict.Error is { } error)
        {
            errors!.Remove(error);
        }
    }

    /// <summary>By time, then device: each device has one error of a deployment at the most.</summary>
    private sealed class NewestLast : IComparer<DeviceError>
    {
        public static NewestLast Instance { get; } = new();

        public int Compare(DeviceError? x, DeviceError? y)
        {
            var byTime = x!.At.CompareTo(y!.At);
            return byTime != 0 ? byTime : x.Device.CompareTo(y.Device);
        }
    }
}
