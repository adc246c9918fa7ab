namespace Harmony.Fleet.Core.Desired;

/// <summary>By what it is judged whether the removal of a deployment from devices is held.</summary>
public readonly record struct RemovalFacts
{
    /// <summary>How many devices it matches.</summary>
    public int Matched { get; init; }

    /// <summary>The generation of its resource.</summary>
    public long Generation { get; init; }

    /// <summary>What somebody approved.</summary>
    public ApprovedRemoval Approved { get; init; }

    /// <summary>The number of the last hold that its status tells; 0 for none.</summary>
    public long LastHold { get; init; }

    /// <summary>Whether an earlier run of the operator told that, and this one does not know all yet.</summary>
    public bool IsFirst { get; init; }

    /// <summary>Whether it was held when an earlier run of the operator last looked.</summary>
    public bool WasHeld { get; init; }

    /// <summary>Whether it was of the present generation that this was told.</summary>
    public bool IsSameGeneration { get; init; }
}
