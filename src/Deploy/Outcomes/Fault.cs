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
