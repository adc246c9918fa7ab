namespace Harmony.Fleet.Core.Reconciling;

/// <summary>The newest manifest that a device ever took: nothing older is taken again.</summary>
/// <param name="Mark">Which one it was.</param>
/// <param name="IsHeld">Whether its bytes are still held. Where they were lost, the same manifest is taken once more.</param>
public readonly record struct ManifestFloor(ManifestMark Mark, bool IsHeld);
