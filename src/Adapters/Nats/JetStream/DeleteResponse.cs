namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>Whether a stream or consumer was deleted.</summary>
internal sealed record DeleteResponse : ApiResponse
{
    public bool Success { get; init; }
}
