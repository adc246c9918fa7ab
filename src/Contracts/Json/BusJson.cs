using System.Text.Json.Serialization;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Commands;

namespace Harmony.Fleet.Contracts.Json;

/// <summary>JSON of the bus: camelCase, nulls left out, unknown fields ignored, unknown enum values read as Unknown.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
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
