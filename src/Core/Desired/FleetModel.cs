using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Aggregation;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Core.Desired;

/// <summary>
/// Deployments x devices: who is given what, and how it stands. Each event visits only what it touches; what moved is collected
/// until <see cref="TakeChange"/>. Not safe for several threads: it has one owner.
/// </summary>
public sealed class FleetModel
{
    private readonly Dictionary<DeploymentKey, DeploymentNode> deployments = [];
    private readonly Dictionary<DeviceId, DeviceNode> devices = [];
    private readonly DeploymentIndex deploymentIndex = new();
    private readonly DeviceIndex deviceIndex = new();
    private HashSet<DeviceId> manifests = [];
    private HashSet<DeploymentKey> aggregates = [];
    private HashSet<DeviceId> overflows = [];

    /// <summary>How many devices, deployments and pairs were looked at since the beginning: the work that was done.</summary>
    public long Visited { get; private set; }

    /// <summary>The deployments that are carried out.</summary>
    public IReadOnlyCollection<DeploymentKey> Deployments => deployments.Keys;

    /// <summary>The devices.</summary>
    public IReadOnlyCollection<DeviceId> Devices => devices.Keys;

    /// <summary>A deployment is there, or changed.</summary>
    public void Upsert(DeploymentIntent intent)
    {
        if (deployments.TryGetValue(intent.Key, out var node) && node.CreatedAt != intent.CreatedAt)
        {
            Remove(intent.Key);
            node = null;
        }

        if (node is null)
        {
            deployments[intent.Key] = node = new DeploymentNode(intent);
            aggregates.Add(node.Key);
            deploymentIndex.Add(node, node.Selector);
        }
        else
        {
            deploymentIndex.Remove(node, node.Selector);
            deploymentIndex.Add(node, intent.Selector);
            node.Selector = intent.Selector;
            TakeEntry(node, intent.Entry);
        }

        Rematch(node);
    }

    /// <summary>A deployment is gone, or is to be carried out no more.</summary>
    public void Remove(DeploymentKey key)
    {
        if (!deployments.Remove(key, out var node))
        {
            return;
        }

        deploymentIndex.Remove(node, node.Selector);
        foreach (var device in node.Members.ToArray())
        {
            Part(device, node);
        }

        aggregates.Add(key);
    }

    /// <summary>A device is there, or has other labels.</summary>
    public void Upsert(DeviceId id, LabelSet labels)
    {
        if (!devices.TryGetValue(id, out var device))
        {
            devices[id] = device = new DeviceNode(id);
            manifests.Add(id);
        }
        else if (device.Labels.Equals(labels))
        {
            return;
        }

        var old = device.Labels;
        device.Labels = labels;
        deviceIndex.Move(device, old, labels);
        foreach (var pair in device.Pairs.ToArray())
        {
            PartUnlessMatched(device, pair.Deployment);
        }

        foreach (var deployment in deploymentIndex.Candidates(labels))
        {
            JoinIfMatched(device, deployment);
        }
    }

    /// <summary>A device is gone.</summary>
    public void Remove(DeviceId id)
    {
        if (!devices.Remove(id, out var device))
        {
            return;
        }

        deviceIndex.Move(device, device.Labels, LabelSet.Empty);
        foreach (var pair in device.Pairs)
        {
            Visited++;
            pair.Deployment.Members.Remove(device);
            pair.Deployment.Counter.Remove(pair.Counted);
            aggregates.Add(pair.Deployment.Key);
        }

        manifests.Remove(id);
        overflows.Remove(id);
    }

    /// <summary>What a device says stands on it. Nothing for an unknown device.</summary>
    public void Report(DeviceId id, IEnumerable<ReportedDeployment> reported)
    {
        if (devices.TryGetValue(id, out var device))
        {
            device.Take(reported.Select(Lean));
            Recount(device);
        }
    }

    /// <summary>Whether a device is reachable.</summary>
    public void SetReachable(DeviceId id, bool isReachable)
    {
        if (devices.TryGetValue(id, out var device) && device.IsReachable != isReachable)
        {
            device.IsReachable = isReachable;
            Recount(device);
        }
    }

    /// <summary>What the manifest of a device says, by namespace and name.</summary>
    public ImmutableArray<ManifestEntry> EntriesOf(DeviceId id) => devices.TryGetValue(id, out var device)
        ? [.. device.Placed.OrderBy(deployment => deployment.Key).Select(deployment => deployment.Entry)]
        : [];

    /// <summary>The deployments that match a device and have no place on it.</summary>
    public ImmutableArray<DeploymentKey> OverflowOf(DeviceId id) => devices.TryGetValue(id, out var device) ? [.. device.Overflow] : [];

    /// <summary>The counts of a deployment; zeros for an unknown one.</summary>
    public DeploymentAggregate AggregateOf(DeploymentKey key) =>
        deployments.TryGetValue(key, out var node) ? node.Counter.Aggregate : new();

    /// <summary>What moved since this was last called.</summary>
    public FleetChange TakeChange()
    {
        var change = new FleetChange(manifests, aggregates, overflows);
        (manifests, aggregates, overflows) = ([], [], []);
        return change;
    }

    private void TakeEntry(DeploymentNode node, ManifestEntry entry)
    {
        if (node.Entry.Uid == entry.Uid && node.Entry.ScoreDigest == entry.ScoreDigest && node.Entry.Address == entry.Address)
        {
            return;
        }

        node.Take(entry);
        foreach (var device in node.Members)
        {
            var index = device.IndexOf(node);
            Recount(device, index);
            MarkManifest(device, index);
        }
    }

    private void Rematch(DeploymentNode node)
    {
        foreach (var device in node.Members.ToArray())
        {
            PartUnlessMatched(device, node);
        }

        foreach (var device in deviceIndex.Candidates(node.Selector, devices.Values))
        {
            JoinIfMatched(device, node);
        }
    }

    private void PartUnlessMatched(DeviceNode device, DeploymentNode deployment)
    {
        Visited++;
        if (!deployment.Selector.Matches(device.Labels))
        {
            Part(device, deployment);
        }
    }

    private void JoinIfMatched(DeviceNode device, DeploymentNode deployment)
    {
        Visited++;
        if (deployment.Selector.Matches(device.Labels) && deployment.Members.Add(device))
        {
            var index = ~device.IndexOf(deployment);
            var pair = new Pair(deployment, new(PairState.Pending, null));
            device.Pairs.Insert(index, pair);
            deployment.Counter.Add(pair.Counted);
            aggregates.Add(deployment.Key);
            AfterMove(device, index);
        }
    }

    private void Part(DeviceNode device, DeploymentNode deployment)
    {
        Visited++;
        deployment.Members.Remove(device);
        var index = device.IndexOf(deployment);
        deployment.Counter.Remove(device.Pairs[index].Counted);
        device.Pairs.RemoveAt(index);
        aggregates.Add(deployment.Key);
        AfterMove(device, index);
    }

    // The pair at the index is new, or gone; where the device is full, another one lost or won a place by it.
    private void AfterMove(DeviceNode device, int index)
    {
        MarkManifest(device, index);
        if (device.Pairs.Count >= WireLimits.MaxDeploymentsPerDevice)
        {
            overflows.Add(device.Id);
            Recount(device);
        }
        else if (index < device.Pairs.Count)
        {
            Recount(device, index);
        }
    }

    private void MarkManifest(DeviceNode device, int index)
    {
        if (index < WireLimits.MaxDeploymentsPerDevice)
        {
            manifests.Add(device.Id);
        }
    }

    private void Recount(DeviceNode device)
    {
        for (var index = 0; index < device.Pairs.Count; index++)
        {
            Recount(device, index);
        }
    }

    private void Recount(DeviceNode device, int index)
    {
        Visited++;
        var (deployment, counted) = device.Pairs[index];
        var verdict = device.VerdictOf(index);
        if (verdict != counted)
        {
            deployment.Counter.Remove(counted);
            deployment.Counter.Add(verdict);
            device.Pairs[index] = new(deployment, verdict);
            aggregates.Add(deployment.Key);
        }
    }

    // A report's texts repeat the deployment's own a million times over: keep the deployment's.
    private ReportedDeployment Lean(ReportedDeployment reported) => deployments.TryGetValue(reported.Key, out var node)
        ? reported with { Key = node.Key, Identity = reported.Identity == node.Identity ? node.Identity : reported.Identity }
        : reported;
}

/// <summary>What moved in the model since it was last asked.</summary>
/// <param name="Manifests">Devices whose manifest may have to say something else.</param>
/// <param name="Aggregates">Deployments whose counts moved.</param>
/// <param name="Overflows">Devices whose number of deployments without a place changed.</param>
public sealed record FleetChange(
    IReadOnlyCollection<DeviceId> Manifests, IReadOnlyCollection<DeploymentKey> Aggregates, IReadOnlyCollection<DeviceId> Overflows);
