namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>How JetStream is used.</summary>
public sealed record JetStreamOptions
{
    /// <summary>The longest that one answer of the server is awaited.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The most publishes that await their acknowledgement; further ones wait for their turn.</summary>
    public int MaxInFlight { get; init; } = 4096;

    /// <summary>How often the server tells a silent consumer that it is still there.</summary>
    public TimeSpan IdleHeartbeat { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After so many heartbeats without a word a consumer is taken for lost.</summary>
    public int MaxMissedHeartbeats { get; init; } = 3;

    /// <summary>How long the server keeps a consumer that nobody listens to.</summary>
    public TimeSpan ConsumerInactiveThreshold { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The ceiling of the first wait before a consumer is made anew; it doubles with each. The wait itself is uniform between 0 and the ceiling.</summary>
    public TimeSpan ReopenMin { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The highest ceiling.</summary>
    public TimeSpan ReopenCap { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The seed of the jitter; null for a random one.</summary>
    public int? JitterSeed { get; init; }
}
