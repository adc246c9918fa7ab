using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Aggregation;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Core.Desired;

/// <summary>A deployment in the model: its intent, the devices that it matches, and their counts.</summary>
internal sealed class DeploymentNode(DeploymentIntent intent)
{
    /// <summary>Its number in the model.</summary>
    public int Slot { get; set; }

    public DeploymentKey Key { get; } = intent.Key;

    // Part of the order in each device's list: it never changes. A resource with another creation time is another node.
    public DateTimeOffset CreatedAt { get; } = intent.CreatedAt;

    public Selector Selector { get; set; } = intent.Selector;

    /// <summary>The term under which the index has it; null for none.</summary>
    public SelectorTerm? Anchor { get; set; }

    public Versions Versions { get; } = new(intent.Entry);

    /// <summary>The slots of the devices that it matches. Each pair has its place in here.</summary>
    public List<int> Members { get; } = [];

    /// <summary>Whether it is carried out no more: it goes from each of these, and then from the model.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>How many of its changes have not reached all of these.</summary>
    public int Spreads { get; set; }

    public AggregateCounter Counter { get; } = new();

    /// <summary>Takes what manifests are to say.</summary>
    /// <returns>Whether that is something else than before.</returns>
    public bool Take(ManifestEntry entry)
    {
        var before = Versions.CurrentEntry;
        if (before.Uid == entry.Uid && before.ScoreDigest == entry.ScoreDigest && before.Address == entry.Address)
        {
            return false;
        }

        Versions.Take(entry);
        return true;
    }
}

/// <summary>Who comes first where more deployments match a device than it may have: the oldest, then by namespace and name.</summary>
internal sealed class PlacementOrder : IComparer<DeploymentNode>
{
    public static PlacementOrder Instance { get; } = new();

    public int Compare(DeploymentNode? x, DeploymentNode? y)
    {
        var byAge = x!.CreatedAt.CompareTo(y!.CreatedAt);
        return byAge != 0 ? byAge : x.Key.CompareTo(y.Key);
    }
}

/// <summary>A valid Deployment, as far as the fleet's model needs it.</summary>
/// <param name="Key">Which.</param>
/// <param name="CreatedAt">When the resource was created: where too many match a device, the oldest have their place.</param>
/// <param name="Selector">Which devices.</param>
/// <param name="Entry">What their manifests say of its newest version.</param>
public sealed record DeploymentIntent(DeploymentKey Key, DateTimeOffset CreatedAt, Selector Selector, ManifestEntry Entry);
