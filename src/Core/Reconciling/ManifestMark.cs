using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Core.Reconciling;

/// <summary>What tells one manifest from another.</summary>
/// <param name="Generation">Its place in the order.</param>
/// <param name="Digest">SHA-256 of its bytes.</param>
public readonly record struct ManifestMark(Generation Generation, Digest Digest)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Generation} ({Digest.Short})";
}
