namespace Harmony.Fleet.Adapters.Podman.Json;

/// <summary>The answer to <c>POST /images/load</c>.</summary>
internal sealed record LoadedDocument(List<string?>? Names);
