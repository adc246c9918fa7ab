namespace Harmony.Fleet.Agent.Reporting;

/// <summary>What can be unwell on a device; the names are what its info says.</summary>
internal enum HealthFlag
{
    /// <summary>Podman does not answer.</summary>
    PodmanUnavailable,

    /// <summary>The kept state was damaged, and no manifest was fetched since.</summary>
    StateCorrupt,

    /// <summary>State cannot be kept: manifests are not taken.</summary>
    StateNotWritable,
}
