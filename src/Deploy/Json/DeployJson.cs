using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Harmony.Fleet.Deploy.Configs;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Deploy.Json;

/// <summary>JSON of the files that a deployment writes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(ImmutableSortedDictionary<string, int>))]
[JsonSerializable(typeof(OperatorConfig))]
[JsonSerializable(typeof(AgentConfig))]
[JsonSerializable(typeof(DeviceKeyFile))]
[JsonSerializable(typeof(StackFile))]
[JsonSerializable(typeof(StackWish))]
[JsonSerializable(typeof(StackState))]
internal sealed partial class DeployJson : JsonSerializerContext;
