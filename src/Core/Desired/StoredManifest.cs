using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Core.Desired;

/// <summary>What the bucket holds for a device.</summary>
/// <param name="Revision">The key's last revision; 0 where there never was a value.</param>
/// <param name="Digest">SHA-256 of the value; null where there is none, or a marker.</param>
/// <param name="Generation">Its generation, where its MAC is ours; null for a foreign value.</param>
public readonly record struct StoredManifest(ulong Revision, Digest? Digest, Generation? Generation)
{
    /// <summary>Nothing.</summary>
    public static StoredManifest None => default;
}
