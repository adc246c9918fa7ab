using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Reconciling;

namespace Harmony.Fleet.Agent.Reconciling;

/// <summary>
/// Remembers containers that a runtime made otherwise than it was asked to (a limit that its kernel cannot hold, say). Making them
/// again would give the same again, for ever: they are left, and reported. Once may be somebody's hand, which was quicker than the
/// next look; the same twice in a row is the runtime. Owned by the reconciler's loop.
/// </summary>
internal sealed class StubbornDrift
{
    private readonly Dictionary<DeploymentKey, ImmutableHashSet<string>> fresh = [];
    private readonly Dictionary<DeploymentKey, Suspicion> suspicions = [];

    /// <summary>These containers were just made: the next look shows what became of them.</summary>
    public void Made(DeploymentKey key, ImmutableHashSet<string> ids) => fresh[key] = ids;

    /// <summary>Why <paramref name="plan"/> is not to be carried out; null where it is.</summary>
    public string? Refuse(WorkSubject subject, DeploymentPlan plan)
    {
        var doomed = plan.Effects.OfType<Effect.Remove>().Select(effect => effect.Id).ToImmutableHashSet(StringComparer.Ordinal);
        var isFresh = fresh.Remove(plan.Key, out var made) && plan.Kind == PlanKind.Replace && doomed.Overlaps(made);
        var before = suspicions.GetValueOrDefault(plan.Key) is { } suspicion && suspicion.Subject == subject ? suspicion : null;
        if (before is not null && (isFresh || (before.IsProven && before.Ids.SetEquals(doomed))))
        {
            suspicions[plan.Key] = before with { Ids = doomed, IsProven = true };
            return $"The runtime made it otherwise than it was asked to: {string.Join("; ", plan.Reasons)}";
        }

        if (isFresh)
        {
            suspicions[plan.Key] = new Suspicion(subject, doomed, IsProven: false);
        }
        else
        {
            suspicions.Remove(plan.Key);
        }

        return null;
    }

    /// <summary>It stands as it should.</summary>
    public void Forget(DeploymentKey key)
    {
        fresh.Remove(key);
        suspicions.Remove(key);
    }

    private sealed record Suspicion(WorkSubject Subject, ImmutableHashSet<string> Ids, bool IsProven);
}
