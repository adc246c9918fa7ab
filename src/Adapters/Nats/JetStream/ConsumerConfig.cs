namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>A consumer's configuration, as it travels. Durations in nanoseconds.</summary>
internal sealed record ConsumerConfig
{
    public required string Name { get; init; }

    public string? DeliverSubject { get; init; }

    public string DeliverPolicy { get => field ?? "last_per_subject"; init; }

    public string AckPolicy { get => field ?? "none"; init; }

    public string ReplayPolicy { get => field ?? "instant"; init; }

    public int MaxDeliver { get; init; }

    public required string FilterSubject { get; init; }

    public bool FlowControl { get; init; }

    public long IdleHeartbeat { get; init; }

    public long InactiveThreshold { get; init; }

    public bool HeadersOnly { get; init; }

    public bool MemStorage { get; init; }

    public int NumReplicas { get; init; }
}
