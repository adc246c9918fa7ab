using System.Text.Json.Serialization;

namespace Harmony.Fleet.Adapters.Nats.Protocol;

/// <summary>The JSON of INFO and CONNECT.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 16)]
[JsonSerializable(typeof(ServerInfo))]
[JsonSerializable(typeof(ConnectRequest))]
internal sealed partial class ProtocolJson : JsonSerializerContext;
