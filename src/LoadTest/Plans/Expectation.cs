using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.LoadTest.Plans;

/// <summary>What was last written, and so what every aggregate must come to. Each device has one writer, several of them write at once.</summary>
internal sealed class Expectation
{
    private readonly LoadPlan plan;
    private readonly Phase[][] phases;

    /// <summary>No device has said anything.</summary>
    public Expectation(LoadPlan plan)
    {
        this.plan = plan;
        phases = [.. Enumerable.Range(0, plan.Devices).Select(device => new Phase[plan.DeploymentsOf(device).Length])];
    }

    /// <summary>What a device last said, in the order of the Deployments that are meant for it; to be changed by its writer alone.</summary>
    public Phase[] Of(int device) => phases[device];

    /// <summary>The counts of every Deployment, by number.</summary>
    public Counts[] Aggregates()
    {
        var counts = new Counts[plan.Deployments];
        for (var device = 0; device < plan.Devices; device++)
        {
            var deployments = plan.DeploymentsOf(device);
            for (var at = 0; at < deployments.Length; at++)
            {
                ref var count = ref counts[deployments[at]];
                count = phases[device][at] switch
                {
                    Phase.Running => count with { Matched = count.Matched + 1, Succeeded = count.Succeeded + 1 },
                    Phase.Failed => count with { Matched = count.Matched + 1, Failed = count.Failed + 1 },
                    _ => count with { Matched = count.Matched + 1, Pending = count.Pending + 1 },
                };
            }
        }

        return counts;
    }

    /// <summary>The Deployments whose counts are not what was last written, one that is missing included.</summary>
    /// <param name="stored">All Deployments, as they are stored.</param>
    public HashSet<int> Wrong(IEnumerable<Deployment> stored)
    {
        var (wanted, wrong) = (Aggregates(), Enumerable.Range(0, plan.Deployments).ToHashSet());
        foreach (var deployment in stored)
        {
            if (plan.NumberOf(deployment.Metadata.Name) is { } number && deployment.Status is { } status && Counts.Of(status.Aggregate) == wanted[number])
            {
                wrong.Remove(number);
            }
        }

        return wrong;
    }
}

/// <summary>The counts of a Deployment.</summary>
internal readonly record struct Counts(int Matched, int Succeeded, int Failed, int Pending, int Unreachable)
{
    /// <summary>Whether every device that is meant is counted once.</summary>
    public bool AddUp => Succeeded + Failed + Pending + Unreachable == Matched;

    /// <summary>Those of a status.</summary>
    public static Counts Of(DeploymentAggregate aggregate) =>
        new(aggregate.MatchedDeviceCount, aggregate.Succeeded, aggregate.Failed, aggregate.Pending, aggregate.Unreachable);
}
