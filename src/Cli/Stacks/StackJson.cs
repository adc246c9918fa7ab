using System.Text.Json.Serialization;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Cli.Stacks;

/// <summary>JSON of <see cref="StackFile"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StackFile))]
internal sealed partial class StackJson : JsonSerializerContext;
