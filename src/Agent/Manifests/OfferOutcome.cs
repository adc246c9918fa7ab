namespace Harmony.Fleet.Agent.Manifests;

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
