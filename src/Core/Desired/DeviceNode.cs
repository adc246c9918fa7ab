using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Aggregation;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Core.Desired;

/// <summary>A device in the model: the deployments that match it in their order of placement, and what it reported.</summary>
internal sealed class DeviceNode(DeviceId id)
{
    private ReportedDeployment[] reported = [];

    public DeviceId Id { get; } = id;

    public LabelSet Labels { get; set; } = LabelSet.Empty;

    public bool IsReachable { get; set; }

    public List<Pair> Pairs { get; } = new(0);

    public int PlacedCount => Math.Min(Pairs.Count, WireLimits.MaxDeploymentsPerDevice);

    public IEnumerable<DeploymentNode> Placed => Pairs.Take(PlacedCount).Select(pair => pair.Deployment);

    public IEnumerable<DeploymentKey> Overflow => Pairs.Skip(PlacedCount).Select(pair => pair.Deployment.Key);

    /// <summary>Where <paramref name="deployment"/> is among the pairs; the complement of where it belongs, when it is not.</summary>
    public int IndexOf(DeploymentNode deployment)
    {
        var (low, high) = (0, Pairs.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = PlacementOrder.Instance.Compare(Pairs[middle].Deployment, deployment);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }

    public void Take(IEnumerable<ReportedDeployment> said)
    {
        reported = [.. said.DistinctBy(item => item.Key).Take(2 * WireLimits.MaxDeploymentsPerDevice)];
        Array.Sort(reported, (left, right) => left.Key.CompareTo(right.Key));
    }

    public Verdict VerdictOf(int index)
    {
        var deployment = Pairs[index].Deployment;
        return Verdict.Of(IsReachable, index < PlacedCount ? deployment.Identity : null, ReportedOf(deployment.Key));
    }

    private ReportedDeployment? ReportedOf(DeploymentKey key)
    {
        var (low, high) = (0, reported.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = reported[middle].Key.CompareTo(key);
            if (order == 0)
            {
                return reported[middle];
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }
}
