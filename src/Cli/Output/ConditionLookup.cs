using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Output;

/// <summary>Finds conditions by their type.</summary>
internal static class ConditionLookup
{
    /// <summary>The condition <paramref name="type"/>; null where it is not there.</summary>
    public static Condition? Find(this ImmutableArray<Condition> conditions, string type) =>
        conditions.FirstOrDefault(condition => string.Equals(condition.Type, type, StringComparison.Ordinal));

    /// <summary>Whether the condition <paramref name="type"/> is there and holds.</summary>
    public static bool Holds(this ImmutableArray<Condition> conditions, string type) => conditions.Find(type)?.Status == ConditionStatus.True;
}
