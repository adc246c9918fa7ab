using System.Text.Json;
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

/// <summary>The part of <c>GET /images/NAME/json</c> that is used.</summary>
internal sealed class ImageDocument
{
    public string? Id { get; init; }

    public SettingsPart? Config { get; init; }

    /// <summary>What containers get from it.</summary>
    internal sealed class SettingsPart
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

/// <summary>JSON of podman's API: names as podman writes them, unknown fields ignored, every field may be missing. Nearly all of it is only read: no code to write it fast.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 32, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(PodmanError))]
[JsonSerializable(typeof(ServiceInfo))]
[JsonSerializable(typeof(List<ListedContainer>))]
[JsonSerializable(typeof(InspectDocument))]
[JsonSerializable(typeof(ImageDocument))]
[JsonSerializable(typeof(CreateDocument))]
[JsonSerializable(typeof(CreatedDocument))]
[JsonSerializable(typeof(List<RemovedDocument>))]
[JsonSerializable(typeof(PullLine))]
[JsonSerializable(typeof(EventDocument))]
[JsonSerializable(typeof(Dictionary<string, string[]>))]
internal sealed partial class PodmanJson : JsonSerializerContext;
