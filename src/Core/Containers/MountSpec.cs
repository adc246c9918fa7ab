namespace Harmony.Fleet.Core.Containers;

/// <summary>One mount.</summary>
/// <param name="Kind">A folder of the host, or a named volume.</param>
/// <param name="Source">The absolute path on the host, or the volume's name.</param>
/// <param name="Target">The absolute path in the container.</param>
/// <param name="ReadOnly">Whether the container may only read it.</param>
public sealed record MountSpec(MountKind Kind, string Source, string Target, bool ReadOnly);
