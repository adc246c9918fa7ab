namespace Harmony.Fleet.Core.Retries;

/// <summary>How much somebody may take: so much at once, and from then on so much a second. Counts of what is taken begin full. For one owner; it has no clock.</summary>
/// <param name="Burst">The most at once.</param>
/// <param name="PerSecond">What comes back in a second.</param>
public readonly record struct TokenLimit(double Burst, double PerSecond);

/// <summary>What is left to one who may take no more than a <see cref="TokenLimit"/>.</summary>
/// <param name="Taken">What is missing to a full bucket, as of <paramref name="At"/>; the default is a full one.</param>
/// <param name="At">When that was so, by a clock that only goes forward.</param>
public readonly record struct TokenBucket(double Taken, TimeSpan At)
{
    /// <summary>Whether nothing is missing: it is as good as none at all.</summary>
    public bool IsFull(TokenLimit limit, TimeSpan now) => MissingAt(limit, now) <= 0;

    /// <summary>Takes <paramref name="cost"/>, if there is so much. What costs more than a full bucket holds costs that.</summary>
    /// <returns>Whether it was taken, and the bucket afterwards.</returns>
    public (bool IsTaken, TokenBucket Next) Take(TokenLimit limit, double cost, TimeSpan now)
    {
        var taken = MissingAt(limit, now) + Math.Min(cost, limit.Burst);
        return taken <= limit.Burst ? (true, new(taken, now)) : (false, this);
    }

    /// <summary>How long it takes until <paramref name="cost"/> can be taken; zero for now.</summary>
    public TimeSpan Wait(TokenLimit limit, double cost, TimeSpan now)
    {
        var lacking = MissingAt(limit, now) + Math.Min(cost, limit.Burst) - limit.Burst;
        return lacking <= 0 ? TimeSpan.Zero : TimeSpan.FromTicks((long)Math.Ceiling(lacking / limit.PerSecond * TimeSpan.TicksPerSecond));
    }

    private double MissingAt(TokenLimit limit, TimeSpan now) => Math.Max(0, Taken - (Math.Max(0, (now - At).TotalSeconds) * limit.PerSecond));
}
