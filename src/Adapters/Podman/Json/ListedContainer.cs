namespace Harmony.Fleet.Adapters.Podman.Json;

/// <summary>
/// The part of <c>GET /containers/json</c> that is used: the id, since a list says too little to compare; and the rest where podman cannot
/// show a container any closer.
/// </summary>
internal sealed record ListedContainer
{
    public string? Id { get; init; }

    public List<string?>? Names { get; init; }

    public string? Image { get; init; }

    public string? ImageID { get; init; }

    public Dictionary<string, string?>? Labels { get; init; }
}
