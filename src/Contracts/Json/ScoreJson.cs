using System.Text.Json.Serialization;
using Harmony.Fleet.Contracts.Scores;

namespace Harmony.Fleet.Contracts.Json;

/// <summary>JSON of scores: strict, so that a field which the reader does not know is an error and never silently left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    MaxDepth = Bus.WireLimits.MaxJsonDepth)]
[JsonSerializable(typeof(ReconcileScore))]
public sealed partial class ScoreJson : JsonSerializerContext;
