using System.Runtime.InteropServices;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Core.Desired;

/// <summary>
/// Deployments by the rarest label that their selectors demand, so that a device meets only those that may match it. Those that demand none (all of whose
/// terms are of labels that must not be there) meet every device.
/// </summary>
internal sealed class DeploymentIndex
{
    private readonly Dictionary<(string Key, string Value), HashSet<DeploymentNode>> byLabel = [];
    private readonly Dictionary<string, HashSet<DeploymentNode>> byKey = new(StringComparer.Ordinal);
    private readonly HashSet<DeploymentNode> unanchored = [];

    /// <summary>Adds one, under the term that the fewest of <paramref name="devices"/> satisfy; and of several such under that which the fewest others have.</summary>
    public void Add(DeploymentNode deployment, DeviceIndex devices)
    {
        deployment.Anchor = deployment.Selector.Demands
            .OrderBy(devices.CountOf).ThenBy(DeploymentsOf).ThenBy(term => term.Operator).ThenBy(term => term.Values.Length)
            .FirstOrDefault();
        switch (deployment.Anchor)
        {
            case null:
                unanchored.Add(deployment);
                break;
            case { Operator: SelectorOperator.Exists, Key: var key }:
                (CollectionsMarshal.GetValueRefOrAddDefault(byKey, key, out _) ??= []).Add(deployment);
                break;
            case var anchor:
                foreach (var value in anchor.Values)
                {
                    (CollectionsMarshal.GetValueRefOrAddDefault(byLabel, (anchor.Key, value), out _) ??= []).Add(deployment);
                }

                break;
        }
    }

    /// <summary>Removes one, whatever its selector is by now.</summary>
    public void Remove(DeploymentNode deployment)
    {
        switch (deployment.Anchor)
        {
            case null:
                unanchored.Remove(deployment);
                break;
            case { Operator: SelectorOperator.Exists, Key: var key }:
                Remove(byKey, key, deployment);
                break;
            case var anchor:
                foreach (var value in anchor.Values)
                {
                    Remove(byLabel, (anchor.Key, value), deployment);
                }

                break;
        }
    }

    /// <summary>The deployments among which all that match <paramref name="labels"/> are, each once.</summary>
    public IEnumerable<DeploymentNode> Candidates(LabelSet labels)
    {
        var found = unanchored.AsEnumerable();
        foreach (var (key, value) in labels)
        {
            found = byLabel.TryGetValue((key, value), out var anchored) ? found.Concat(anchored) : found;
            found = byKey.TryGetValue(key, out var existing) ? found.Concat(existing) : found;
        }

        return found;
    }

    private static void Remove<TKey>(Dictionary<TKey, HashSet<DeploymentNode>> groups, TKey key, DeploymentNode deployment)
        where TKey : notnull
    {
        if (groups.TryGetValue(key, out var group) && group.Remove(deployment) && group.Count == 0)
        {
            groups.Remove(key);
        }
    }

    private int DeploymentsOf(SelectorTerm term) => term.Operator == SelectorOperator.Exists
        ? byKey.GetValueOrDefault(term.Key)?.Count ?? 0
        : term.Values.Sum(value => byLabel.GetValueOrDefault((term.Key, value))?.Count ?? 0);
}
