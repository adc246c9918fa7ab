using System.Collections.Immutable;

namespace Harmony.Fleet.Core.Reconciling;

/// <summary>What is to be done on a device: removals first, then by deployment.</summary>
/// <param name="Deployments">One part for each deployment for which there is something to do.</param>
public sealed record Plan(ImmutableArray<DeploymentPlan> Deployments)
{
    /// <summary>Whether there is nothing to do.</summary>
    public bool IsEmpty => Deployments.IsEmpty;

    /// <summary>Every effect, in an order in which they can be carried out one by one.</summary>
    public IEnumerable<Effect> Effects => Deployments.SelectMany(deployment => deployment.Effects);

    /// <summary>The plan for people to read.</summary>
    public override string ToString() => IsEmpty ? "nothing to do\n" : string.Join('\n', Deployments);
}
