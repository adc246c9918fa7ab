using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Aggregation;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Core.Desired;

/// <summary>A deployment in the model: its intent, the devices that it matches, and their counts.</summary>
internal sealed class DeploymentNode(DeploymentIntent intent)
{
    public DeploymentKey Key { get; } = intent.Key;

    // Part of the order in each device's list: it never changes. A resource with another creation time is another node.
    public DateTimeOffset CreatedAt { get; } = intent.CreatedAt;

    public Selector Selector { get; set; } = intent.Selector;

    public ManifestEntry Entry { get; private set; } = intent.Entry;

    public ScoreIdentity Identity { get; private set; } = new(intent.Entry.Uid, intent.Entry.ScoreDigest);

    public HashSet<DeviceNode> Members { get; } = [];

    public AggregateCounter Counter { get; } = new();

    public void Take(ManifestEntry entry)
    {
        Entry = entry;
        Identity = new(entry.Uid, entry.ScoreDigest);
    }
}
