using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Harmony.Fleet.Contracts.Files;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Deploy.Configs;

/// <summary>operator.json.</summary>
internal sealed record OperatorConfig
{
    /// <summary>The folder of the resource store.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Where the API listens.</summary>
    public required string Listen { get; init; }

    /// <summary>The file with the API's token.</summary>
    public required string TokenFile { get; init; }

    /// <summary>The file with the master key.</summary>
    public required string MasterKeyFile { get; init; }

    /// <summary>The epoch of the devices' keys.</summary>
    public required int KeyEpoch { get; init; }

    /// <summary>The bus.</summary>
    public required NatsConfig Nats { get; init; }

    /// <summary>How many servers of a NATS cluster hold each bucket; null for one.</summary>
    public int? BucketReplicas { get; init; }

    /// <summary>Who is told what the operator measures; null for nobody.</summary>
    public TelemetryConfig? Telemetry { get; init; }
}

/// <summary>agent.json.</summary>
internal sealed record AgentConfig
{
    /// <summary>Who the device is.</summary>
    public required DeviceId DeviceId { get; init; }

    /// <summary>The folder of what the agent must not forget.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>The file with the device's keys.</summary>
    public required string KeyFile { get; init; }

    /// <summary>The bus.</summary>
    public required NatsConfig Nats { get; init; }

    /// <summary>The container runtime.</summary>
    public required PodmanConfig Podman { get; init; }

    /// <summary>The labels that the device reports.</summary>
    public required ImmutableSortedDictionary<string, string> Labels { get; init; }
}

/// <summary>How an operator or an agent reaches NATS.</summary>
/// <param name="Url"><c>nats://host:port</c>; of a cluster all of its servers, with commas between.</param>
/// <param name="NkeySeedFile">The file with its nkey seed.</param>
/// <param name="CaFile">PEM of the authorities to trust; null for the system's.</param>
internal sealed record NatsConfig(string Url, string NkeySeedFile, string? CaFile = null);

/// <summary>Who is told what the operator measures of itself.</summary>
/// <param name="Prometheus">Whether <c>/metrics</c> is served.</param>
/// <param name="OtlpEndpoint">The collector; null for none.</param>
/// <param name="OtlpProtocol">How it is spoken to; null for gRPC.</param>
internal sealed record TelemetryConfig(bool Prometheus, string? OtlpEndpoint = null, string? OtlpProtocol = null);

/// <summary>How an agent reaches podman.</summary>
/// <param name="Socket">The service's socket.</param>
internal sealed record PodmanConfig(string Socket);

/// <summary>JSON of the files that programs read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(OperatorConfig))]
[JsonSerializable(typeof(AgentConfig))]
[JsonSerializable(typeof(DeviceKeyFile))]
internal sealed partial class ConfigJson : JsonSerializerContext;
