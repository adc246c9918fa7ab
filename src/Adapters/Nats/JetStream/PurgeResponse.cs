namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>How many messages a purge removed.</summary>
internal sealed record PurgeResponse : ApiResponse
{
    public ulong Purged { get; init; }
}
