using System.Text.Json.Serialization;

namespace Harmony.Fleet.Adapters.Podman.Json;

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
