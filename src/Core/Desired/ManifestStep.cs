using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Core.Desired;

/// <summary>What is to be done about one device's manifest.</summary>
public abstract record ManifestStep
{
    private ManifestStep()
    {
    }

    /// <summary>Nothing: what is stored is what is wanted.</summary>
    public sealed record Settled : ManifestStep;

    /// <summary>Store it.</summary>
    /// <param name="Generation">Its generation.</param>
    /// <param name="Bytes">All of it.</param>
    /// <param name="Digest">SHA-256 of the bytes.</param>
    /// <param name="Revision">Only where this is the key's revision; 0 for none.</param>
    /// <param name="Why">What for, in a few words for the log.</param>
    public sealed record Put(Generation Generation, byte[] Bytes, Digest Digest, ulong Revision, string Why) : ManifestStep;

    /// <summary>What is stored is what is wanted, and the device did not take it: put it again, but not before this time.</summary>
    /// <param name="NotBefore">The time.</param>
    public sealed record Later(DateTimeOffset NotBefore) : ManifestStep;

    /// <summary>No manifest can be made that the device would take.</summary>
    /// <param name="Reason">One sentence for people.</param>
    public sealed record Stuck(string Reason) : ManifestStep;
}

/// <summary>What the bucket holds for a device.</summary>
/// <param name="Revision">The key's last revision; 0 where there never was a value.</param>
/// <param name="Digest">SHA-256 of the value; null where there is none, or a marker.</param>
/// <param name="Generation">Its generation, where its MAC is ours; null for a foreign value.</param>
public readonly record struct StoredManifest(ulong Revision, Digest? Digest, Generation? Generation)
{
    /// <summary>Nothing.</summary>
    public static StoredManifest None => default;
}

/// <summary>What a device says of its manifest.</summary>
/// <param name="Generation">The generation that it holds; null for none.</param>
/// <param name="Digest">SHA-256 of what it holds; null for none.</param>
/// <param name="Refusal">The newest one that it did not take; null for none.</param>
public readonly record struct ReportedManifest(Generation? Generation, Digest? Digest, Refusal? Refusal)
{
    /// <summary>What <paramref name="report"/> says of it.</summary>
    public static ReportedManifest Of(DeviceReport report) => new(report.ManifestGeneration, report.ManifestDigest, report.Refusal);
}
