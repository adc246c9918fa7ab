using System.Text.Json.Serialization;

namespace Harmony.Fleet.Operator.Api;

/// <summary>JSON of <see cref="DeleteOptions"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DeleteOptions))]
internal sealed partial class DeleteOptionsJson : JsonSerializerContext;
