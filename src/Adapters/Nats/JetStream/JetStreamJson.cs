using System.Text.Json.Serialization;

namespace Harmony.Fleet.Adapters.Nats.JetStream;

/// <summary>JSON of JetStream's API: snake_case, nulls left out, unknown fields ignored.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = 32)]
[JsonSerializable(typeof(StreamConfig))]
[JsonSerializable(typeof(StreamInfo))]
[JsonSerializable(typeof(PurgeRequest))]
[JsonSerializable(typeof(PurgeResponse))]
[JsonSerializable(typeof(DeleteResponse))]
[JsonSerializable(typeof(ConsumerRequest))]
[JsonSerializable(typeof(ConsumerInfo))]
internal sealed partial class JetStreamJson : JsonSerializerContext;
