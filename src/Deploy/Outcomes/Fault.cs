namespace Harmony.Fleet.Deploy.Outcomes;

/// <summary>Why something could not be put in place, and what to do about it.</summary>
/// <param name="Kind">What sort of thing it is.</param>
/// <param name="What">What went wrong, without a full stop.</param>
/// <param name="Advice">What to do, without a full stop; empty where <paramref name="What"/> says it.</param>
public sealed record Fault(FaultKind Kind, string What, string Advice)
{
    /// <summary>The one sentence that people read.</summary>
    public override string ToString() => Advice.Length == 0 ? What : $"{What}: {Advice}";
}

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
