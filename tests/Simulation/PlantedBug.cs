namespace Harmony.Fleet.Tests.Simulation;

/// <summary>What is made wrong on purpose, to see whether the simulation finds it.</summary>
internal enum PlantedBug
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Devices take whatever manifest is authentic.</summary>
    NoGenerationGate,

    /// <summary>Manifests are written over whatever is stored.</summary>
    RevisionIgnored,
}
