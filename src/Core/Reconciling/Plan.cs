using System.Collections.Immutable;
using System.Text;
using Harmony.Fleet.Contracts.Names;

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

/// <summary>What is to be done for one deployment, in this order. Where one effect fails, the later ones are not tried.</summary>
/// <param name="Key">Which deployment.</param>
/// <param name="Kind">What it comes to.</param>
/// <param name="Reasons">Why, one part of a sentence each.</param>
/// <param name="Effects">What to do.</param>
/// <param name="After">Deployments that hold a port which this one needs and are being removed: theirs comes first.</param>
public sealed record DeploymentPlan(
    DeploymentKey Key, PlanKind Kind, ImmutableArray<string> Reasons, ImmutableArray<Effect> Effects, ImmutableArray<DeploymentKey> After)
{
    /// <summary>The plan for people to read.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().Append(Kind.ToString().ToLowerInvariant()).Append(' ').Append(Key);
        if (!After.IsEmpty)
        {
            text.Append(" after ").AppendJoin(", ", After);
        }

        text.Append('\n');
        foreach (var reason in Reasons)
        {
            text.Append("  because ").Append(reason).Append('\n');
        }

        foreach (var effect in Effects)
        {
            text.Append("  ").Append(effect).Append('\n');
        }

        return text.ToString();
    }
}

/// <summary>What a deployment's plan comes to.</summary>
public enum PlanKind
{
    /// <summary>The deployment is gone: its containers go.</summary>
    Remove,

    /// <summary>Containers that are missing are made.</summary>
    Install,

    /// <summary>Containers that differ are replaced.</summary>
    Replace,

    /// <summary>Containers that stand still are started.</summary>
    Start,
}
