using Harmony.Fleet.Core.Reconciling;

namespace Harmony.Fleet.Ports.State;

/// <summary>The manifest that a device holds, as it came.</summary>
/// <param name="Mark">Its generation and digest.</param>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Mac">The MAC that came with them.</param>
public sealed record HeldManifest(ManifestMark Mark, ReadOnlyMemory<byte> Bytes, string Mac);
