using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Core.Conditions;

/// <summary>Changes one condition of a resource, and nothing where nothing changes.</summary>
public static class ConditionSet
{
    /// <summary>
    /// The conditions with this one in it. The transition time moves only when the status does; where nothing differs, the very same array
    /// comes back, so that a status can be compared with the stored one.
    /// </summary>
    public static ImmutableArray<Condition> With(this ImmutableArray<Condition> conditions, Condition wanted, DateTimeOffset now)
    {
        if (conditions.Of(wanted.Type) is not { } present)
        {
            return conditions.Add(wanted with { LastTransitionTime = now });
        }

        var next = wanted with { LastTransitionTime = present.Status == wanted.Status ? present.LastTransitionTime : now };
        return next == present ? conditions : conditions.Replace(present, next);
    }

    /// <summary>The conditions without those of <paramref name="type"/>.</summary>
    public static ImmutableArray<Condition> Without(this ImmutableArray<Condition> conditions, string type) =>
        conditions.Of(type) is { } present ? conditions.Remove(present) : conditions;

    /// <summary>The condition of <paramref name="type"/>, or null. What is stored may hold anything, nulls among it.</summary>
    public static Condition? Of(this ImmutableArray<Condition> conditions, string type)
    {
        foreach (var condition in conditions)
        {
            if (condition is not null && string.Equals(condition.Type, type, StringComparison.Ordinal))
            {
                return condition;
            }
        }

        return null;
    }
}
