namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>What every answer of the API may carry.</summary>
public record ApiResponse
{
    /// <summary>Why it was refused; null when it was not.</summary>
    public ApiError? Error { get; init; }
}
