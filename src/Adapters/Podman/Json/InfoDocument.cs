using System.Text.Json.Serialization;

namespace Harmony.Fleet.Adapters.Podman.Json;

/// <summary>The part of <c>GET /info</c> that is used.</summary>
internal sealed record InfoDocument(
    [property: JsonPropertyName("store")] InfoDocument.StorePart? Store,
    [property: JsonPropertyName("version")] InfoDocument.VersionPart? Version)
{
    /// <summary>Where images and containers are.</summary>
    internal sealed record StorePart([property: JsonPropertyName("graphRoot")] string? GraphRoot);

    /// <summary>Which podman it is.</summary>
    internal sealed record VersionPart([property: JsonPropertyName("Version")] string? Version);
}
