using Harmony.Fleet.Contracts.Bus;

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
