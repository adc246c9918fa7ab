using System.Text.Json.Serialization;

namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>Why the server refused.</summary>
/// <param name="Code">Like a status of HTTP: 400 and up is the request's fault, 500 and up the server's state.</param>
/// <param name="ErrCode">Exactly what is wrong: <see cref="ApiErrorCodes"/>.</param>
/// <param name="Description">The server's words.</param>
public sealed record ApiError(
    [property: JsonPropertyName("code")] int Code,
    [property: JsonPropertyName("err_code")] int ErrCode,
    [property: JsonPropertyName("description")] string? Description)
{
    /// <summary>Whether the same request may succeed later.</summary>
    public bool IsTransient => (Code >= 500 && ErrCode != ApiErrorCodes.InvalidConfig) || ErrCode is ApiErrorCodes.StreamNotFound or ApiErrorCodes.ConsumerNotFound;

    /// <inheritdoc/>
    public override string ToString() => $"{Description ?? "refused"} (error {ErrCode})";
}
