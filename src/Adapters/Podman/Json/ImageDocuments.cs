using System.Text.Json;
using System.Text.Json.Serialization;

namespace Harmony.Fleet.Adapters.Podman.Json;

/// <summary>The part of <c>GET /images/NAME/json</c> that is used.</summary>
internal sealed record ImageDocument
{
    public string? Id { get; init; }

    public SettingsPart? Config { get; init; }

    /// <summary>What containers get from it.</summary>
    internal sealed record SettingsPart
    {
        public List<string?>? Env { get; init; }

        public List<string?>? Entrypoint { get; init; }

        public List<string?>? Cmd { get; init; }

        public Dictionary<string, JsonElement>? Volumes { get; init; }

        public Dictionary<string, string?>? Labels { get; init; }
    }
}

/// <summary>One line of the answer to a pull. The status is 200 also where it failed.</summary>
internal sealed record PullLine(
    [property: JsonPropertyName("error")] string? Error,
    [property: JsonPropertyName("id")] string? Id);
