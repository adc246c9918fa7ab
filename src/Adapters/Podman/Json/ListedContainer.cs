namespace Harmony.Fleet.Adapters.Podman.Json;

/// <summary>The part of <c>GET /containers/json</c> that is used: what a list says beyond the id is too little to compare.</summary>
internal sealed record ListedContainer(string? Id);
