using System.Text.Json.Serialization;
using Harmony.Fleet.Deploy.Stacks;

namespace Harmony.Fleet.Cli.Local;

/// <summary>What <c>fleet status -o json</c> shows.</summary>
internal sealed record FleetStatus
{
    /// <summary>Down, Starting, Ready or Stopping.</summary>
    public required string Phase { get; init; }

    /// <summary>The operator's API.</summary>
    public string? Server { get; init; }

    /// <summary>The bus.</summary>
    public string? NatsUrl { get; init; }

    /// <summary>How many virtual devices stand.</summary>
    public int Devices { get; init; }

    /// <summary>The process that runs the fleet.</summary>
    public int? Process { get; init; }

    /// <summary>The data folder.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Why not all that was wished for stands.</summary>
    public string? Fault { get; init; }
}

/// <summary>JSON of fleets on this machine.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(FleetStatus))]
[JsonSerializable(typeof(StackFile))]
[JsonSerializable(typeof(StackState))]
internal sealed partial class LocalJson : JsonSerializerContext;
