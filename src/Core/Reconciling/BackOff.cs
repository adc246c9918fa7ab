namespace Harmony.Fleet.Core.Reconciling;

/// <summary>How long to wait before the next try: doubled at each failure up to a ceiling, with full jitter.</summary>
/// <param name="Base">The ceiling of the first wait.</param>
/// <param name="Ceiling">The longest wait.</param>
public readonly record struct BackOff(TimeSpan Base, TimeSpan Ceiling)
{
    private const int MaxDoublings = 30;

    /// <summary>The wait after <paramref name="failures"/> failures in a row, 1 or more.</summary>
    /// <param name="failures">How many.</param>
    /// <param name="fraction">Drawn at random from 0 to 1. At least a tenth of the ceiling is waited, so that no draw makes a busy loop.</param>
    public TimeSpan After(int failures, double fraction)
    {
        var ceiling = Math.Min(Base.TotalMilliseconds * Math.Pow(2, Math.Clamp(failures - 1, 0, MaxDoublings)), Ceiling.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(ceiling * Math.Clamp(fraction, 0.1, 1));
    }
}
