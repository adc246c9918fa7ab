using System.Text.Json.Serialization;

namespace Harmony.Fleet.Adapters.Podman.Json;

/// <summary>The body of an answer that is no success.</summary>
/// <param name="Cause">The innermost error.</param>
/// <param name="Message">The whole of it.</param>
internal sealed record PodmanError(
    [property: JsonPropertyName("cause")] string? Cause,
    [property: JsonPropertyName("message")] string? Message);
