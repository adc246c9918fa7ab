using System.Text.Json.Serialization;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Cli.Stacks;

/// <summary>JSON of what a stack says of itself.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(StackFile))]
[JsonSerializable(typeof(StackState))]
internal sealed partial class StackJson : JsonSerializerContext;
