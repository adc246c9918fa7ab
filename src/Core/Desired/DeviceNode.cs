using System.Runtime.InteropServices;
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
    public int IndexOf(DeploymentNode deployment) => CollectionsMarshal.AsSpan(Pairs).BinarySearch(new ByPlacement(deployment));

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

    private ReportedDeployment? ReportedOf(DeploymentKey key) => reported.AsSpan().BinarySearch(new ByKey(key)) is >= 0 and var index ? reported[index] : null;

    private readonly struct ByPlacement(DeploymentNode deployment) : IComparable<Pair>
    {
        public int CompareTo(Pair other) => PlacementOrder.Instance.Compare(deployment, other.Deployment);
    }

    private readonly struct ByKey(DeploymentKey key) : IComparable<ReportedDeployment>
    {
        public int CompareTo(ReportedDeployment other) => key.CompareTo(other.Key);
    }
}
