namespace Harmony.Fleet.Adapters.Nats.Connection;

/// <summary>How long to wait before the next attempt: uniform between 0 and a ceiling that doubles up to a cap (full jitter), so that a fleet spreads out.</summary>
internal sealed class Backoff(TimeSpan min, TimeSpan cap, Random random)
{
    private int _attempts;

    /// <summary>The ceiling of the next wait.</summary>
    public TimeSpan Ceiling => _attempts >= 30 || min.Ticks > cap.Ticks >> _attempts ? cap : TimeSpan.FromTicks(min.Ticks << _attempts);

    /// <summary>The next wait.</summary>
    public TimeSpan Next()
    {
        var ceiling = Ceiling;
        _attempts++;
        return TimeSpan.FromTicks(random.NextInt64(ceiling.Ticks + 1));
    }

    /// <summary>All is well again: the next wait is short.</summary>
    public void Reset() => _attempts = 0;
}
