namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>What a stream holds.</summary>
public sealed record StreamState
{
    /// <summary>How many messages.</summary>
    public ulong Messages { get; init; }

    /// <summary>How many bytes.</summary>
    public ulong Bytes { get; init; }

    /// <summary>The oldest message's sequence.</summary>
    public ulong FirstSeq { get; init; }

    /// <summary>The newest message's sequence.</summary>
    public ulong LastSeq { get; init; }

    /// <summary>How many consumers.</summary>
    public int ConsumerCount { get; init; }
}
