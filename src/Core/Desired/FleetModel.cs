using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Aggregation;
using Harmony.Fleet.Core.Devices;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Core.Desired;

/// <summary>
/// Deployments x devices: who is given what, and how it stands. Each event visits only what it touches; what moved is collected
/// until <see cref="TakeChange"/>. Not safe for several threads: it has one owner.
/// </summary>
public sealed partial class FleetModel
{
    private readonly Dictionary<DeploymentKey, DeploymentNode> deployments = [];
    private readonly IDeviceTable<DeviceNode> devices;
    private readonly Slots<DeploymentNode> deploymentSlots = new();
    private readonly Slots<DeviceNode> deviceSlots = new();
    private readonly DeploymentIndex deploymentIndex = new();
    private readonly DeviceIndex deviceIndex;
    private HashSet<DeviceId> manifests = [];
    private HashSet<DeploymentKey> aggregates = [];
    private HashSet<DeviceId> overflows = [];
    private List<Parting> partings = [];
    private HashSet<DeploymentKey> releases = [];

    /// <summary>A model of nothing.</summary>
    public FleetModel()
        : this(new DeviceTable<DeviceNode>(id => new DeviceNode(id)))
    {
    }

    internal FleetModel(IDeviceTable<DeviceNode> devices) => (this.devices, deviceIndex) = (devices, new DeviceIndex(Find));

    /// <summary>How often a deployment and a device were looked at together since the beginning: the work that was done.</summary>
    public long Visited { get; private set; }

    /// <summary>The deployments that are carried out.</summary>
    public IEnumerable<DeploymentKey> Deployments => deployments.Values.Where(node => !node.IsLeaving).Select(node => node.Key);

    /// <summary>The devices.</summary>
    public IEnumerable<DeviceId> Devices => deviceSlots.All.Select(device => device.Id);

    /// <summary>A deployment is there, or changed.</summary>
    /// <param name="intent">What it is now.</param>
    /// <param name="isWhole">Whether all its devices are looked at now; otherwise as many as there is <see cref="Room"/> for. Where a selector changed all are: what is matched no more is judged as a whole.</param>
    public void Upsert(DeploymentIntent intent, bool isWhole = true)
    {
        if (deployments.TryGetValue(intent.Key, out var node) && (node.IsLeaving || node.CreatedAt != intent.CreatedAt))
        {
            Remove(intent.Key);
            (node, isWhole) = (null, true);
        }

        if (node is null)
        {
            deployments[intent.Key] = node = new DeploymentNode(intent);
            node.Slot = deploymentSlots.Add(node);
            aggregates.Add(node.Key);
            deploymentIndex.Add(node, deviceIndex);
            Begin(new Spread(node, Candidates(node), JoinIfMatched), isWhole);
        }
        else
        {
            // In this order: who joins is given the new version, and of what is parted the manifest names the one that it was given.
            var isAnother = node.Take(intent.Entry);
            TakeSelector(node, intent.Selector);
            if (isAnother)
            {
                Begin(new Spread(node, Members(node), TakeEntry), isWhole);
            }
        }
    }

    /// <summary>A deployment is gone, or is to be carried out no more: no manifest names it from now on, and nothing of it is counted.</summary>
    /// <param name="key">Which.</param>
    /// <param name="isWhole">Whether all its devices are looked at now; otherwise as many as there is <see cref="Room"/> for.</param>
    public void Remove(DeploymentKey key, bool isWhole = true)
    {
        if (!deployments.TryGetValue(key, out var node) || (node.IsLeaving && !isWhole))
        {
            return;
        }

        if (!node.IsLeaving)
        {
            node.IsLeaving = true;
            deploymentIndex.Remove(node);
            aggregates.Add(key);
        }

        Begin(new Spread(node, Members(node), TakeAway), isWhole);
    }

    /// <summary>A device is there, or has other labels.</summary>
    public void Upsert(DeviceId id, LabelSet labels)
    {
        var device = devices.Make(id);
        var old = device.Slot is null ? LabelSet.Empty : device.Labels;
        var own = labels.WithoutIdentity();
        if (device.Slot is null)
        {
            device.Slot = deviceSlots.Add(device);
            manifests.Add(device.Id);
        }
        else if (device.OwnLabels.Equals(own))
        {
            return;
        }

        device.OwnLabels = own;
        labels = device.Labels;
        deviceIndex.Move(device.Slot.Value, old, labels);
        for (var index = device.Pairs.Count - 1; index >= 0; index--)
        {
            PartUnlessMatched(device, deploymentSlots[device.Pairs[index].Deployment]);
        }

        foreach (var deployment in deploymentIndex.Candidates(labels))
        {
            JoinIfMatched(device, deployment);
        }
    }

    /// <summary>A device is gone.</summary>
    public void Remove(DeviceId id)
    {
        if (Find(id) is not { Slot: { } slot } device)
        {
            return;
        }

        deviceIndex.Move(slot, device.Labels, LabelSet.Empty);
        for (var index = device.Pairs.Count - 1; index >= 0; index--)
        {
            Visited++;
            Leave(device, index);
        }

        deviceSlots.Remove(slot);
        device.Leave();
        manifests.Remove(id);
        overflows.Remove(id);
    }

    /// <summary>What a device says stands on it; of twice the deployments that it may have at the most. Nothing for an unknown device.</summary>
    public void Report(DeviceId id, IEnumerable<ReportedDeployment> reported)
    {
        if (Find(id) is not { } device)
        {
            return;
        }

        device.DropOthers();
        var told = new bool[device.Pairs.Count];
        foreach (var said in reported.Take(2 * WireLimits.MaxDeploymentsPerDevice))
        {
            if (deployments.TryGetValue(said.Key, out var node) && device.Pairs.IndexOf(node, deploymentSlots) is >= 0 and var index)
            {
                // Of what is said twice the first counts.
                if (!told[index])
                {
                    told[index] = true;
                    Hear(device, index, said);
                }
            }
            else if (device.OtherOf(said.Key) is null)
            {
                Visited++;
                device.Keep(said);
            }
        }

        for (var index = 0; index < told.Length; index++)
        {
            if (!told[index])
            {
                Hear(device, index, null);
            }
        }
    }

    /// <summary>Whether a device is reachable.</summary>
    public void SetReachable(DeviceId id, bool isReachable)
    {
        if (Find(id) is { } device && device.IsReachable != isReachable)
        {
            device.IsReachable = isReachable;
            Recount(device);
        }
    }

    /// <summary>What the manifest of a device says, by namespace and name.</summary>
    /// <param name="id">The device.</param>
    /// <param name="places">For how many there is place: others may have some that do not match it.</param>
    public ImmutableArray<ManifestEntry> EntriesOf(DeviceId id, int places = WireLimits.MaxDeploymentsPerDevice)
    {
        if (Find(id) is not { } device)
        {
            return [];
        }

        // Made for each device where a Deployment for all of them changes: no iterators.
        var count = 0;
        var placed = Math.Clamp(places, 0, device.PlacedCount);
        var (keys, entries) = (new DeploymentKey[placed], new ManifestEntry[placed]);
        for (var index = 0; index < keys.Length; index++)
        {
            if (deploymentSlots[device.Pairs[index].Deployment] is { IsLeaving: false } node)
            {
                (keys[count], entries[count]) = (node.Key, node.Versions.EntryOf(device.Pairs[index].Given));
                count++;
            }
        }

        Array.Sort(keys, entries, 0, count);
        return ImmutableCollectionsMarshal.AsImmutableArray(count == entries.Length ? entries : entries[..count]);
    }

    /// <summary>The deployments that match a device and have no place on it.</summary>
    public ImmutableArray<DeploymentKey> OverflowOf(DeviceId id) => Find(id) is { } device
        ? [.. Nodes(device, device.PlacedCount, device.Pairs.Count).Select(one => one.Node.Key)]
        : [];

    /// <summary>Whether a deployment is there and matches a device.</summary>
    public bool IsMatched(DeviceId id, DeploymentKey key) =>
        Find(id) is { } device && deployments.TryGetValue(key, out var node) && !node.IsLeaving && device.Pairs.IndexOf(node, deploymentSlots) >= 0;

    /// <summary>The deployments that match a device, in their order of placement: which version it is given, of which it spoke last (null for none that is known), and how that was counted.</summary>
    internal IEnumerable<(DeploymentKey Key, ScoreIdentity Given, ScoreIdentity? Said, PairState State)> PairsOf(DeviceId id) => Find(id) is { } device
        ? Nodes(device, 0, device.Pairs.Count).Select(one => (
            one.Node.Key, one.Node.Versions.IdentityOf(one.Pair.Given), one.Pair.Said == Versions.None ? null : one.Node.Versions.IdentityOf(one.Pair.Said), one.Pair.Counted))
        : [];

    /// <summary>Whether any device is given a version of a deployment whose score is at <paramref name="address"/>, or will be given it.</summary>
    public bool Names(DeploymentKey key, Digest address) =>
        deployments.TryGetValue(key, out var node) && !node.IsLeaving && node.Versions.Names(address);

    /// <summary>Whether a device said something of a deployment that does not match it.</summary>
    public bool IsSaid(DeviceId id, DeploymentKey key) => OtherOf(id, key) is not null;

    /// <summary>What a device says of a deployment that does not match it, or not in a version that is known; null for nothing.</summary>
    public ReportedDeployment? OtherOf(DeviceId id, DeploymentKey key) => Find(id)?.OtherOf(key);

    /// <summary>What a manifest says of a deployment in its present version; null for an unknown one.</summary>
    public ManifestEntry? CurrentOf(DeploymentKey key) =>
        deployments.TryGetValue(key, out var node) && !node.IsLeaving ? node.Versions.CurrentEntry : null;

    /// <summary>What a device says of deployments that do not match it, or not in a version that is known.</summary>
    public IReadOnlyCollection<ReportedDeployment> OthersOf(DeviceId id) => Find(id)?.Others ?? [];

    /// <summary>The counts of a deployment; zeros for an unknown one.</summary>
    public DeploymentAggregate AggregateOf(DeploymentKey key) =>
        deployments.TryGetValue(key, out var node) && !node.IsLeaving ? node.Counter.Aggregate : new();

    /// <summary>What moved since this was last called.</summary>
    public FleetChange TakeChange()
    {
        var change = new FleetChange(manifests, aggregates, overflows, partings, releases);
        (manifests, aggregates, overflows, partings, releases) = ([], [], [], [], []);
        return change;
    }

    private DeviceNode? Find(DeviceId id) => devices.Find(id) is { Slot: not null } device ? device : null;

    private IEnumerable<(DeploymentNode Node, Pair Pair)> Nodes(DeviceNode device, int from, int to)
    {
        for (var index = from; index < to; index++)
        {
            if (deploymentSlots[device.Pairs[index].Deployment] is { IsLeaving: false } node)
            {
                yield return (node, device.Pairs[index]);
            }
        }
    }

    private void TakeEntry(DeviceNode device, DeploymentNode node)
    {
        var index = device.Pairs.IndexOf(node, deploymentSlots);
        Give(node, ref device.Pairs[index], node.Versions.Current);
        if (device.OtherOf(node.Key) is { } said)
        {
            Hear(device, index, said);
        }
        else
        {
            Recount(device, index, CountedOf(device, index));
        }

        MarkManifest(device, index);
    }

    private void TakeSelector(DeploymentNode node, Selector selector)
    {
        if (node.Selector.ToString() == selector.ToString())
        {
            return;
        }

        deploymentIndex.Remove(node);
        node.Selector = selector;
        deploymentIndex.Add(node, deviceIndex);
        for (var member = node.Members.Count - 1; member >= 0; member--)
        {
            PartUnlessMatched(deviceSlots[node.Members[member]], node);
        }

        Begin(new Spread(node, Candidates(node), JoinIfMatched), isWhole: true);
    }
}

/// <summary>What moved in the model since it was last asked.</summary>
/// <param name="Manifests">Devices whose manifest may have to say something else.</param>
/// <param name="Aggregates">Deployments whose counts moved.</param>
/// <param name="Overflows">Devices whose number of deployments without a place changed.</param>
/// <param name="Partings">Devices that a deployment matches no more.</param>
/// <param name="Releases">Deployments of which a version is given to no device any more.</param>
public sealed record FleetChange(
    IReadOnlyCollection<DeviceId> Manifests,
    IReadOnlyCollection<DeploymentKey> Aggregates,
    IReadOnlyCollection<DeviceId> Overflows,
    IReadOnlyCollection<Parting> Partings,
    IReadOnlyCollection<DeploymentKey> Releases);

/// <summary>A device that a deployment matches no more, by its selector or the device's labels.</summary>
/// <param name="Device">Which.</param>
/// <param name="Key">The deployment.</param>
/// <param name="Entry">What the device's manifest was to say of it.</param>
public readonly record struct Parting(DeviceId Device, DeploymentKey Key, ManifestEntry Entry);
