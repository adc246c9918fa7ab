using System.Text.Json.Serialization;
using Harmony.Fleet.Contracts.Api;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Commands;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Contracts.Wire;

namespace Harmony.Fleet.Contracts.Json;

/// <summary>The contracts' JSON contexts, one for each boundary.</summary>
public static class ContractsJson
{
    /// <summary>Resources, as the API and the stores hold them.</summary>
    public static ResourceJson Resources => ResourceJson.Default;

    /// <summary>Documents on the bus.</summary>
    public static BusJson Bus => BusJson.Default;

    /// <summary>Scores, strictly.</summary>
    public static ScoreJson Scores => ScoreJson.Default;

    /// <summary>What the API speaks beside resources.</summary>
    public static ApiJson Api => ApiJson.Default;
}

/// <summary>JSON of the bus: camelCase, nulls left out, unknown fields ignored, unknown enum values read as Unknown. Without writers of its own for each type, which are 40 KB of the agent.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    MaxDepth = WireLimits.MaxJsonDepth,
    RespectNullableAnnotations = true,
    Converters = [typeof(TimestampConverter)])]
[JsonSerializable(typeof(DeviceManifest))]
[JsonSerializable(typeof(DeviceReport))]
[JsonSerializable(typeof(DeviceInfo))]
[JsonSerializable(typeof(Heartbeat))]
[JsonSerializable(typeof(Command))]
[JsonSerializable(typeof(ReplyFrame))]
[JsonSerializable(typeof(PingReply))]
public sealed partial class BusJson : JsonSerializerContext;

/// <summary>JSON of scores: strict, so that a field which the reader does not know is an error and never silently left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    MaxDepth = WireLimits.MaxJsonDepth)]
[JsonSerializable(typeof(ReconcileScore))]
public sealed partial class ScoreJson : JsonSerializerContext;

/// <summary>JSON of what the API speaks beside resources: camelCase, nulls left out, unknown fields ignored.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = WireLimits.MaxJsonDepth,
    Converters = [typeof(TimestampConverter)])]
[JsonSerializable(typeof(ApiStatus))]
[JsonSerializable(typeof(PingResult))]
[JsonSerializable(typeof(LogLine))]
[JsonSerializable(typeof(BucketList))]
[JsonSerializable(typeof(BucketKeys))]
[JsonSerializable(typeof(BucketValue))]
[JsonSerializable(typeof(DesiredState))]
[JsonSerializable(typeof(LostDeployments))]
[JsonSerializable(typeof(OperatorStatus))]
[JsonSerializable(typeof(RecoveryRequest))]
[JsonSerializable(typeof(RecoveryResults))]
[JsonSerializable(typeof(System.Text.Json.JsonElement))]
public sealed partial class ApiJson : JsonSerializerContext;
