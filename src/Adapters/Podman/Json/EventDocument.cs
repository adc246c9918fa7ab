namespace Harmony.Fleet.Adapters.Podman.Json;

/// <summary>One line of <c>GET /events</c>.</summary>
internal sealed record EventDocument(string? Action, EventDocument.ActorPart? Actor)
{
    /// <summary>To what it happened.</summary>
    internal sealed record ActorPart(Dictionary<string, string?>? Attributes);
}
