using System.Collections.Immutable;

namespace Harmony.Fleet.Tests.Core.Engine;

/// <summary>What throws when the engine uses it, as a bug of the engine would.</summary>
internal static class Poison
{
    /// <summary>Annotations in which nothing can be looked up.</summary>
    public static ImmutableSortedDictionary<string, string> Map { get; } =
        ImmutableSortedDictionary.Create<string, string>(Comparer<string>.Create((_, _) => throw new InvalidOperationException("a bug"))).Add("poison", "yes");

    /// <summary>Chance, while it is given.</summary>
    internal sealed class Chance : Random
    {
        public bool IsOver { get; set; }

        public override double NextDouble() => IsOver ? throw new InvalidOperationException("a bug") : 0.5;
    }
}
