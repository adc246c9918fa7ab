namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>A stream.</summary>
public sealed record StreamInfo : ApiResponse
{
    /// <summary>Its configuration.</summary>
    public StreamConfig? Config { get; init; }

    /// <summary>What it holds.</summary>
    public StreamState State { get => field ?? new(); init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset Created { get; init; }
}
