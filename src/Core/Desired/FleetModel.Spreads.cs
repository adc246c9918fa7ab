using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Core.Desired;

/// <content>What changed of a deployment goes to all its devices, and so does its end. These may be all of a fleet: it can be taken in slices.</content>
public sealed partial class FleetModel
{
    private readonly Queue<Spread> spreads = new();

    /// <summary>How many devices may still be looked at for deployments whose changes are taken in slices: the rest waits for <see cref="GoOn"/>. Unbounded until it is set.</summary>
    public int Room { get; set; } = int.MaxValue;

    /// <summary>How many changes have not reached all devices that they concern.</summary>
    public int SpreadCount => spreads.Count;

    /// <summary>Whether a change of a deployment, or its removal, has not reached all devices that it concerns: its counts are of both versions.</summary>
    public bool IsSpreading(DeploymentKey key) => deployments.TryGetValue(key, out var node) && node.Spreads > 0;

    /// <summary>Goes on with the changes that wait, the oldest first, as far as there is room.</summary>
    public void GoOn()
    {
        while (Room > 0 && spreads.TryPeek(out var spread))
        {
            if (IsDue(spread) && spread.Devices.MoveNext())
            {
                Room--;
                spread.Visit(spread.Devices.Current, spread.Node);
            }
            else
            {
                spreads.Dequeue();
                spread.Node.Spreads--;
                End(spread.Node);
            }
        }
    }

    // Of one that leaves nothing is left to do but that.
    private bool IsDue(Spread spread) => deployments.GetValueOrDefault(spread.Node.Key) == spread.Node && spread.IsLast == spread.Node.IsLeaving;

    private void Begin(Spread spread, bool isWhole)
    {
        if (!isWhole)
        {
            spread.Node.Spreads++;
            spreads.Enqueue(spread);
            GoOn();
            return;
        }

        while (spread.Devices.MoveNext())
        {
            spread.Visit(spread.Devices.Current, spread.Node);
        }

        End(spread.Node);
    }

    private void End(DeploymentNode node)
    {
        aggregates.Add(node.Key);
        if (node is { IsLeaving: true, Members.Count: 0 } && deployments.GetValueOrDefault(node.Key) == node)
        {
            deployments.Remove(node.Key);
            deploymentSlots.Remove(node.Slot);
        }
    }

    /// <summary>The devices that may match a deployment. One that comes later, or has other labels by then, meets the deployment by itself.</summary>
    private IEnumerable<DeviceNode> Candidates(DeploymentNode node)
    {
        var members = node.Selector.Demands.MinBy(deviceIndex.CountOf) is { } rarest ? deviceIndex.DevicesOf(rarest) : null;
        for (var index = 0; index < (members?.Count ?? deviceSlots.Count); index++)
        {
            if (deviceSlots.Find(members?[index] ?? index) is { } device)
            {
                yield return device;
            }
        }
    }

    /// <summary>The devices that a deployment matches, from the last: one that goes meanwhile leaves its place to the last one, which was visited.</summary>
    private IEnumerable<DeviceNode> Members(DeploymentNode node)
    {
        for (var member = node.Members.Count - 1; member >= 0; member = Math.Min(member, node.Members.Count) - 1)
        {
            yield return deviceSlots[node.Members[member]];
        }
    }

    /// <summary>A change of a deployment, on its way to its devices.</summary>
    private sealed class Spread(DeploymentNode node, IEnumerable<DeviceNode> devices, Action<DeviceNode, DeploymentNode> visit)
    {
        public DeploymentNode Node { get; } = node;

        /// <summary>Whether it takes the deployment from its devices.</summary>
        public bool IsLast { get; } = node.IsLeaving;

        public IEnumerator<DeviceNode> Devices { get; } = devices.GetEnumerator();

        public Action<DeviceNode, DeploymentNode> Visit { get; } = visit;
    }
}
