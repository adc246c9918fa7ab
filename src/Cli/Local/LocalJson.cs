using System.Text.Json.Serialization;

namespace Harmony.Fleet.Cli.Local;

/// <summary>JSON of fleets on this machine.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FleetStatus))]
internal sealed partial class LocalJson : JsonSerializerContext;
