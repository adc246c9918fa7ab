using Harmony.Fleet.Contracts.Api;

namespace Harmony.Fleet.Core.Outcomes;

/// <summary>What sort of thing went wrong: what a caller can act on.</summary>
public enum FaultKind
{
    /// <summary>It could not be done, and as it is asked it never will be.</summary>
    Permanent,

    /// <summary>What was asked for makes no sense: it is not tried at all.</summary>
    Invalid,

    /// <summary>There is no such thing.</summary>
    NotFound,

    /// <summary>Something else stands where this should, or somebody else was faster: look again first.</summary>
    Conflict,

    /// <summary>The caller may not do it.</summary>
    NotAllowed,

    /// <summary>Somebody who should answer does not: try again.</summary>
    Unreachable,

    /// <summary>It did not happen within its time: try again.</summary>
    TimedOut,

    /// <summary>Something outside is amiss for a while: try again, slowly.</summary>
    Transient,
}

/// <summary>Why something was not done, and what to do about it.</summary>
/// <param name="Kind">What sort of thing it is.</param>
/// <param name="What">What went wrong, without a full stop.</param>
/// <param name="Advice">What to do, without a full stop; empty where <paramref name="What"/> says it.</param>
public sealed record Fault(FaultKind Kind, string What, string Advice = "")
{
    /// <summary>The word for it of whoever refused, for programs (the API's, one of <see cref="StatusReasons"/>); null where there is none.</summary>
    public string? Reason { get; init; }

    /// <summary>The data folder of the fleet that the commands in <see cref="Advice"/> are about, absolute; null for the one that was asked about.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Whether the same may work later, without anybody doing anything.</summary>
    public bool IsTransient => Kind is FaultKind.Unreachable or FaultKind.TimedOut or FaultKind.Transient;

    /// <summary>The one sentence that people read.</summary>
    public override string ToString() => Advice.Length == 0 ? What : $"{What}: {Advice}";

    /// <summary>It could not be done.</summary>
    public static Fault Permanent(string what, string advice = "") => new(FaultKind.Permanent, what, advice);

    /// <summary>What was asked for makes no sense.</summary>
    public static Fault Invalid(string what, string advice = "") => new(FaultKind.Invalid, what, advice);

    /// <summary>Nobody answers.</summary>
    public static Fault Unreachable(string what, string advice = "") => new(FaultKind.Unreachable, what, advice);
}
