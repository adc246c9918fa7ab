namespace Harmony.Fleet.Adapters.Podman.Json;

/// <summary>The answer to a create.</summary>
internal sealed record CreatedDocument(string? Id);
