using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Core.Desired;

/// <summary>What a device says of its manifest.</summary>
/// <param name="Generation">The generation that it holds; null for none.</param>
/// <param name="Digest">SHA-256 of what it holds; null for none.</param>
/// <param name="Refusal">The newest one that it did not take; null for none.</param>
public sealed record HeldManifest(Generation? Generation, Digest? Digest, Refusal? Refusal)
{
    /// <summary>What <paramref name="report"/> says of it.</summary>
    public static HeldManifest Of(DeviceReport report) => new(report.ManifestGeneration, report.ManifestDigest, report.Refusal);
}
