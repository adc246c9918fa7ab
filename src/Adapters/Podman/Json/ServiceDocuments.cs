using System.Text.Json.Serialization;

namespace Harmony.Fleet.Adapters.Podman.Json;

/// <summary>The part of <c>GET /info</c> that is used.</summary>
internal sealed record ServiceInfo(
    [property: JsonPropertyName("store")] ServiceInfo.StorePart? Store,
    [property: JsonPropertyName("version")] ServiceInfo.VersionPart? Version)
{
    /// <summary>Where images and containers are.</summary>
    internal sealed record StorePart([property: JsonPropertyName("graphRoot")] string? GraphRoot);

    /// <summary>Which podman it is.</summary>
    internal sealed record VersionPart([property: JsonPropertyName("Version")] string? Version);
}

/// <summary>One line of <c>GET /events</c>.</summary>
internal sealed record EventDocument(string? Action, EventDocument.ActorPart? Actor)
{
    /// <summary>To what it happened.</summary>
    internal sealed record ActorPart(Dictionary<string, string?>? Attributes);
}

/// <summary>The body of an answer that is no success.</summary>
/// <param name="Cause">The innermost error.</param>
/// <param name="Message">The whole of it.</param>
internal sealed record PodmanError(
    [property: JsonPropertyName("cause")] string? Cause,
    [property: JsonPropertyName("message")] string? Message);
