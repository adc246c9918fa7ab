namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>What to remove from a stream.</summary>
/// <param name="Filter">Only messages of these subjects; null for all.</param>
/// <param name="Seq">Only messages with a smaller sequence; null for all.</param>
public sealed record PurgeRequest(string? Filter = null, ulong? Seq = null);
