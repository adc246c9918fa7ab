using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using Harmony.Fleet.Core.Reconciling;

namespace Harmony.Fleet.Tests.Simulation;

/// <summary>Stands between the engine and the world, and makes one thing wrong there.</summary>
internal sealed class Tampering(PlantedBug bug, Random random)
{
    public bool IsFloorForgotten => bug == PlantedBug.NoGenerationGate;

    public bool IsRevisionIgnored => bug == PlantedBug.RevisionIgnored;

    /// <summary>What the engine is told in place of what happened; null for nothing.</summary>
    public FleetEvent? Heard(FleetEvent happened) => bug == PlantedBug.None || random is not null ? happened : null;

    /// <summary>What is carried out in place of what the engine wants; null for nothing, and then it is told to be done.</summary>
    public FleetEffect? Wanted(FleetEffect effect) => bug == PlantedBug.None || random is not null ? effect : null;

    /// <summary>What the engine is told of an effect.</summary>
    public EffectResult Told(FleetEffect effect, EffectResult result) => bug == PlantedBug.None ? result : random.Next() < 0 ? new EffectResult.Failed() : result;

    /// <summary>What a device makes of what its gate says.</summary>
    public ManifestVerdict Judged(ManifestVerdict verdict, byte[] bytes) => bug == PlantedBug.None || bytes.Length > 0 ? verdict : new ManifestVerdict.AlreadyHeld();
}
