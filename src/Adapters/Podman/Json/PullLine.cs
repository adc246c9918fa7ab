using System.Text.Json.Serialization;

namespace Harmony.Fleet.Adapters.Podman.Json;

/// <summary>One line of the answer to a pull. The status is 200 also where it failed.</summary>
internal sealed record PullLine(
    [property: JsonPropertyName("error")] string? Error,
    [property: JsonPropertyName("id")] string? Id);
