namespace Harmony.Fleet.Core.Containers;

/// <summary>What is mounted.</summary>
public enum MountKind
{
    /// <summary>A folder of the host.</summary>
    Bind,

    /// <summary>A named volume.</summary>
    Volume,
}
