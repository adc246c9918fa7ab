using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Core.Desired;

/// <summary>Deployments by the label pairs on which their selectors are anchored, so that a device meets only those that may match it.</summary>
internal sealed class DeploymentIndex
{
    private readonly Dictionary<(string Key, string Value), HashSet<DeploymentNode>> anchored = [];
    private readonly HashSet<DeploymentNode> others = [];

    public void Add(DeploymentNode deployment, Selector selector)
    {
        foreach (var pair in PairsOf(selector))
        {
            if (!anchored.TryGetValue(pair, out var group))
            {
                anchored[pair] = group = [];
            }

            group.Add(deployment);
        }

        if (selector.Anchor is null)
        {
            others.Add(deployment);
        }
    }

    public void Remove(DeploymentNode deployment, Selector selector)
    {
        others.Remove(deployment);
        foreach (var pair in PairsOf(selector))
        {
            if (anchored.TryGetValue(pair, out var group) && group.Remove(deployment) && group.Count == 0)
            {
                anchored.Remove(pair);
            }
        }
    }

    /// <summary>The deployments among which all that match <paramref name="labels"/> are.</summary>
    public IEnumerable<DeploymentNode> Candidates(LabelSet labels) =>
        others.Concat(labels.SelectMany(pair => anchored.TryGetValue((pair.Key, pair.Value), out var group) ? group : Enumerable.Empty<DeploymentNode>()));

    private static IEnumerable<(string Key, string Value)> PairsOf(Selector selector) =>
        selector.Anchor?.Values.Select(value => (selector.Anchor.Key, value)) ?? [];
}
