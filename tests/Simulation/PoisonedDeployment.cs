using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;

namespace Harmony.Fleet.Tests.Simulation;

/// <summary>A Deployment over which the engine throws, in some seeds: it is in each list, and only it is marked.</summary>
internal static class PoisonedDeployment
{
    private const string Name = "poisoned";

    /// <summary>Whether there is one.</summary>
    public static bool IsIn(int seed) => seed % 10 == 2;

    /// <summary>An operator is told of it.</summary>
    public static FleetEvent Told { get; } = new FleetEvent.DeploymentSeen(new Deployment
    {
        Metadata = new() { Name = Name, Namespace = "default", Uid = "uid-poisoned", ResourceVersion = "0", Generation = 1, Finalizers = [ApiGroup.ManifestFinalizer], Annotations = Unusable },
    });

    // Whoever looks something up in there throws, as by a bug of its own.
    private static ImmutableSortedDictionary<string, string> Unusable =>
        ImmutableSortedDictionary.Create<string, string>(Comparer<string>.Create((_, _) => throw new InvalidOperationException("a bug"))).Add("poison", "yes");

    /// <summary>Its name in a list.</summary>
    public static (string? Namespace, string Name) Listed => ("default", Name);

    /// <summary>Whether a notice is of it.</summary>
    public static bool IsSubject(FleetNotice.Poisoned notice) => notice.Subject.EndsWith($"default/{Name}", StringComparison.Ordinal);

    /// <summary>Whether an effect is of it. Of what is not wrong, none says that it is.</summary>
    public static bool IsOf(FleetEffect effect)
    {
        if (effect is FleetEffect.PatchDeploymentStatus patch && patch.Key.Name.Value != Name && patch.Resource.Status!.Conditions.Of(ConditionTypes.ReconcileFailed) is { Status: ConditionStatus.True })
        {
            throw new ViolationException("no poison", $"{patch.Key} is told to have failed, and nothing is wrong with it");
        }

        return effect is FleetEffect.PatchDeploymentStatus { Key.Name.Value: Name } or FleetEffect.PatchFinalizers { Key.Name.Value: Name };
    }
}
