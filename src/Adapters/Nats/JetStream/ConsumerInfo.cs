namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>A consumer that was made.</summary>
internal sealed record ConsumerInfo : ApiResponse
{
    public string? Name { get; init; }

    /// <summary>How many messages it is still to deliver.</summary>
    public ulong NumPending { get; init; }
}
