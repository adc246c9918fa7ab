using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Core.Reconciling;

/// <summary>What the gate says of an offered manifest.</summary>
public abstract record ManifestVerdict
{
    private ManifestVerdict()
    {
    }

    /// <summary>It is to be taken.</summary>
    /// <param name="Manifest">It.</param>
    /// <param name="Mark">What to remember it by.</param>
    public sealed record Accepted(DeviceManifest Manifest, ManifestMark Mark) : ManifestVerdict;

    /// <summary>It is the held one: nothing to do.</summary>
    public sealed record AlreadyHeld : ManifestVerdict;

    /// <summary>It is not to be taken; what is held stays.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="Generation">Its generation, where the MAC vouches for it and it could be read.</param>
    /// <param name="Message">One sentence for people.</param>
    public sealed record Refused(RefusalReason Reason, Generation? Generation, string Message) : ManifestVerdict;
}

/// <summary>What tells one manifest from another.</summary>
/// <param name="Generation">Its place in the order.</param>
/// <param name="Digest">SHA-256 of its bytes.</param>
public readonly record struct ManifestMark(Generation Generation, Digest Digest)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Generation} ({Digest.Short})";
}

/// <summary>The newest manifest that a device ever took: nothing older is taken again.</summary>
/// <param name="Mark">Which one it was.</param>
/// <param name="IsHeld">Whether its bytes are still held. Where they were lost, the same manifest is taken once more.</param>
public readonly record struct ManifestFloor(ManifestMark Mark, bool IsHeld);
