namespace Harmony.Fleet.Core.Retries;

/// <summary>How much somebody may take: so much at once, and from then on so much a second. Counts of what is taken begin full. For one owner; it has no clock.</summary>
/// <param name="Burst">The most at once.</param>
/// <param name="PerSecond">What comes back in a second.</param>
public readonly record struct TokenLimit(double Burst, double PerSecond);

/// <summary>What is left to one who may take no more than a <see cref="TokenLimit"/>: eight bytes, since each of many has one.</summary>
/// <param name="FullAt">When nothing is missing to a full bucket any more, by the clock that is given; the default is a full one.</param>
public readonly record struct TokenBucket(TimeSpan FullAt)
{
    /// <summary>Whether nothing is missing: it is as good as none at all.</summary>
    public bool IsFull(TokenLimit limit, TimeSpan now) => Begin(limit, now) <= now;

    /// <summary>Takes <paramref name="cost"/>, if there is so much. What costs more than a full bucket holds costs that.</summary>
    /// <returns>Whether it was taken, and the bucket afterwards.</returns>
    public (bool IsTaken, TokenBucket Next) Take(TokenLimit limit, double cost, TimeSpan now) =>
        Wait(limit, cost, now) > TimeSpan.Zero ? (false, this) : (true, new(Begin(limit, now) + Time(limit, cost)));

    /// <summary>How long it takes until <paramref name="cost"/> can be taken; zero for now.</summary>
    public TimeSpan Wait(TokenLimit limit, double cost, TimeSpan now)
    {
        var wait = Begin(limit, now) + Time(limit, cost) - now - Time(limit, limit.Burst);
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    // Nothing takes longer than an empty bucket: a later time is of a clock that was put back, and must not make anybody wait for the time that it went back.
    private TimeSpan Begin(TokenLimit limit, TimeSpan now) => FullAt > now && FullAt - now <= Time(limit, limit.Burst) ? FullAt : now;

    private static TimeSpan Time(TokenLimit limit, double cost) => TimeSpan.FromTicks((long)(Math.Min(cost, limit.Burst) / limit.PerSecond * TimeSpan.TicksPerSecond));
}
