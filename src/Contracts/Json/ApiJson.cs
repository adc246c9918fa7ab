using System.Text.Json.Serialization;
using Harmony.Fleet.Contracts.Api;

namespace Harmony.Fleet.Contracts.Json;

/// <summary>JSON of what the API speaks beside resources: camelCase, nulls left out, unknown fields ignored.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = Bus.WireLimits.MaxJsonDepth,
    Converters = [typeof(TimestampConverter)])]
[JsonSerializable(typeof(ApiStatus))]
[JsonSerializable(typeof(PingResult))]
[JsonSerializable(typeof(LogLine))]
[JsonSerializable(typeof(BucketList))]
[JsonSerializable(typeof(BucketKeys))]
[JsonSerializable(typeof(BucketValue))]
[JsonSerializable(typeof(DesiredState))]
[JsonSerializable(typeof(System.Text.Json.JsonElement))]
public sealed partial class ApiJson : JsonSerializerContext;
