using Harmony.Fleet.Core.Retries;

namespace Harmony.Fleet.Core.Engine;

/// <summary>How often one device's resource was written of late: a token bucket as the one time at which it is full again. Each device has one.</summary>
internal struct WritePace
{
    private long fullAt;

    /// <summary>How long a write has to wait; zero for not at all.</summary>
    public readonly TimeSpan Wait(TokenLimit limit, DateTimeOffset now) =>
        TimeSpan.FromTicks(Math.Max(0, From(limit, now) - now.UtcTicks - (long)((limit.Burst - 1) * Each(limit))));

    /// <summary>One is written.</summary>
    public void Take(TokenLimit limit, DateTimeOffset now) => fullAt = From(limit, now) + (long)Math.Ceiling(Each(limit));

    // Nothing takes longer than an empty bucket: a later time is of a clock that was put back, and must not make a device wait for the time that it went back.
    private readonly long From(TokenLimit limit, DateTimeOffset now) =>
        fullAt <= now.UtcTicks + (limit.Burst * Each(limit)) ? Math.Max(fullAt, now.UtcTicks) : now.UtcTicks;

    private static double Each(TokenLimit limit) => TimeSpan.TicksPerSecond / limit.PerSecond;
}
