namespace Harmony.Fleet.Adapters.Podman.Json;

/// <summary>The answer to a removal: HTTP 200 also where it failed.</summary>
internal sealed record RemovedDocument(string? Id, string? Err);
