namespace Harmony.Fleet.Core.Retries;

/// <summary>How long to wait before the next try: doubled at each failure up to a ceiling, with full jitter, so that a fleet spreads out.</summary>
/// <param name="Base">The ceiling of the first wait.</param>
/// <param name="Ceiling">The longest wait.</param>
public readonly record struct BackOff(TimeSpan Base, TimeSpan Ceiling)
{
    /// <summary>At least this part of a ceiling is waited, so that no draw makes a busy loop; what is drawn is spread over the rest, so that no part of a fleet comes at the same moment.</summary>
    private const double LeastFraction = 0.1;
    private const int MaxDoublings = 30;

    /// <summary>The wait after <paramref name="failures"/> failures in a row, 1 or more.</summary>
    /// <param name="failures">How many.</param>
    /// <param name="fraction">Drawn at random from 0 to 1.</param>
    public TimeSpan After(int failures, double fraction)
    {
        var ceiling = Math.Min(Base.TotalMilliseconds * Math.Pow(2, Math.Clamp(failures - 1, 0, MaxDoublings)), Ceiling.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(ceiling * (LeastFraction + ((1 - LeastFraction) * Math.Clamp(fraction, 0, 1))));
    }
}

/// <summary>Counts the failures in a row of one thing that is tried again and again. For one owner.</summary>
/// <param name="backOff">How long to wait.</param>
/// <param name="random">Where its jitter comes from.</param>
public sealed class BackOffSequence(BackOff backOff, Random random)
{
    /// <summary>How many failures there were in a row.</summary>
    public int Failures { get; private set; }

    /// <summary>It failed again: how long to wait before the next try.</summary>
    public TimeSpan Next()
    {
        Failures = Failures == int.MaxValue ? Failures : Failures + 1;
        return backOff.After(Failures, random.NextDouble());
    }

    /// <summary>All is well again: the next wait is short.</summary>
    public void Reset() => Failures = 0;
}
