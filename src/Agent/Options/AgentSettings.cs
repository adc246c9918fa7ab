using System.Text.Json;
using System.Text.Json.Serialization;
using Harmony.Fleet.Contracts.Files;
using Harmony.Fleet.Hosting.Options;

namespace Harmony.Fleet.Agent.Options;

/// <summary><c>agent.json</c> as it is written. Comments and trailing commas are allowed; a setting that the agent does not know is an error.</summary>
internal sealed class AgentSettings
{
    /// <summary>The device's id, a DNS label. Required.</summary>
    public string? DeviceId { get; init; }

    /// <summary>The folder of what the agent must remember; made when it is missing. Required.</summary>
    public string? StateDirectory { get; init; }

    /// <summary>The file with the device's keys. Required.</summary>
    public string? KeyFile { get; init; }

    /// <summary>How to reach NATS. Required.</summary>
    public NatsSettings? Nats { get; init; }

    /// <summary>How to reach podman.</summary>
    public PodmanSettings? Podman { get; init; }

    /// <summary>The labels that the device reports; at most 64.</summary>
    public Dictionary<string, string>? Labels { get; init; }

    /// <summary>Seconds between two looks at the containers without any hint: 1 to 3600, default 30.</summary>
    public double? ResyncSeconds { get; init; }

    /// <summary>Seconds between two looks at the manifest without any hint: 1 to 86400, default 600.</summary>
    public double? ManifestSeconds { get; init; }

    /// <summary>Seconds between two signs of life: 1 to 3600, default 30.</summary>
    public double? HeartbeatSeconds { get; init; }

    /// <summary>How many deployments are worked on at a time, while as many more may pull: 1 to 4, default 2.</summary>
    public int? Concurrency { get; init; }
}

/// <summary>How to reach podman.</summary>
internal sealed class PodmanSettings
{
    /// <summary>The unix socket of its API service; default <c>/run/podman/podman.sock</c>.</summary>
    public string? Socket { get; init; }

    /// <summary>The longest that pulling one image may take, in minutes: 1 to 10080 (a week), default 360. One that is broken off begins anew.</summary>
    public double? PullTimeoutMinutes { get; init; }
}

/// <summary>JSON of the files that people write.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(AgentSettings))]
[JsonSerializable(typeof(DeviceKeyFile))]
internal sealed partial class SettingsJson : JsonSerializerContext;
