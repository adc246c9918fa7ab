namespace Harmony.Fleet.Deploy.Outcomes;

/// <summary>What sort of thing went wrong: what a caller can act on.</summary>
public enum FaultKind
{
    /// <summary>It could not be done.</summary>
    Failed,

    /// <summary>What was asked for makes no sense.</summary>
    Usage,

    /// <summary>It did not happen within its time.</summary>
    TimedOut,

    /// <summary>Something else stands where this should.</summary>
    Conflict,

    /// <summary>Somebody who should answer does not.</summary>
    Unreachable,

    /// <summary>This user may not do it.</summary>
    NotAllowed,
}
