using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Reconciling;

namespace Harmony.Fleet.Agent.Reconciling;

/// <summary>
/// Remembers containers that a runtime made otherwise than it was asked to (a limit that its kernel cannot hold, say). Making them
/// again would give the same again, for ever: they are left, and reported. Owned by the reconciler's loop.
/// </summary>
internal sealed class StubbornDrift
{
    private readonly Dictionary<DeploymentKey, ImmutableHashSet<string>> fresh = [];
    private readonly Dictionary<DeploymentKey, (WorkSubject Subject, ImmutableHashSet<string> Ids)> stubborn = [];

    /// <summary>These containers were just made: the next look shows what became of them.</summary>
    public void Made(DeploymentKey key, ImmutableHashSet<string> ids) => fresh[key] = ids;

    /// <summary>Why <paramref name="plan"/> is not to be carried out; null where it is.</summary>
    public string? Refuse(WorkSubject subject, DeploymentPlan plan)
    {
        var doomed = plan.Effects.OfType<Effect.Remove>().Select(effect => effect.Id).ToImmutableHashSet(StringComparer.Ordinal);
        if (plan.Kind == PlanKind.Replace && fresh.Remove(plan.Key, out var made) && doomed.Overlaps(made))
        {
            stubborn[plan.Key] = (subject, doomed);
        }

        if (stubborn.TryGetValue(plan.Key, out var held) && held.Subject == subject && held.Ids.SetEquals(doomed))
        {
            return $"The runtime made it otherwise than it was asked to: {string.Join("; ", plan.Reasons)}";
        }

        stubborn.Remove(plan.Key);
        return null;
    }

    /// <summary>It stands as it should.</summary>
    public void Forget(DeploymentKey key)
    {
        fresh.Remove(key);
        stubborn.Remove(key);
    }
}
