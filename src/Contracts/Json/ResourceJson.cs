using System.Text.Json.Serialization;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Contracts.Json;

/// <summary>JSON of resources: camelCase, nulls left out, unknown fields ignored.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = Bus.WireLimits.MaxJsonDepth,
    Converters = [typeof(TimestampConverter)])]
[JsonSerializable(typeof(Deployment))]
[JsonSerializable(typeof(Device))]
[JsonSerializable(typeof(ResourceList<Deployment>))]
[JsonSerializable(typeof(ResourceList<Device>))]
public sealed partial class ResourceJson : JsonSerializerContext;
