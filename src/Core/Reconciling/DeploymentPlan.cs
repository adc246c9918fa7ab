using System.Collections.Immutable;
using System.Text;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Core.Reconciling;

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
