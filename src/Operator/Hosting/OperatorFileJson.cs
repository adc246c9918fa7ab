using System.Text.Json;
using System.Text.Json.Serialization;

namespace Harmony.Fleet.Operator.Hosting;

/// <summary>JSON of operator.json: comments and trailing commas are welcome.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    MaxDepth = 8)]
[JsonSerializable(typeof(OperatorFile))]
internal sealed partial class OperatorFileJson : JsonSerializerContext;
