using System.Text.Json;
using System.Text.Json.Serialization;

namespace Harmony.Fleet.Agent.Hosting;

/// <summary>JSON of the files that people write.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(AgentSettings))]
[JsonSerializable(typeof(KeyFile))]
internal sealed partial class SettingsJson : JsonSerializerContext;
