using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Reconciling;

namespace Harmony.Fleet.Agent.Manifests;

/// <summary>What the agent knows of its manifest.</summary>
/// <param name="Manifest">What should stand; null while that is not known, and then everything stays as it is.</param>
/// <param name="Mark">The newest one that was ever taken; null when there was none.</param>
/// <param name="Refusal">The newest refusal, until a manifest is taken or the held one is offered again.</param>
internal sealed record ManifestStatus(DeviceManifest? Manifest, ManifestMark? Mark, Refusal? Refusal);

/// <summary>What became of an offered manifest.</summary>
internal enum OfferOutcome
{
    /// <summary>Taken, and kept.</summary>
    Taken,

    /// <summary>It is the held one.</summary>
    AlreadyHeld,

    /// <summary>Refused; what is held stays.</summary>
    Refused,

    /// <summary>It was right and could not be kept, so it was not taken: offer it again.</summary>
    NotKept,
}
