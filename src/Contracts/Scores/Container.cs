using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Harmony.Fleet.Contracts.Scores;

/// <summary>One container, with Kubernetes' names.</summary>
public sealed record Container
{
    /// <summary>A DNS label, unique within the deployment.</summary>
    public string Name { get => field ?? string.Empty; init; }

    /// <summary>An OCI image reference, for example <c>registry.example/app:1.2</c> or <c>...@sha256:...</c>.</summary>
    public string Image { get => field ?? string.Empty; init; }

    /// <summary>Replaces the image's entrypoint where it is not empty.</summary>
    public ImmutableArray<string> Command { get => field.IsDefault ? [] : field; init; }

    /// <summary>Replaces the image's command where it is not empty.</summary>
    public ImmutableArray<string> Args { get => field.IsDefault ? [] : field; init; }

    /// <summary>Environment variables; names differ.</summary>
    public ImmutableArray<EnvVar> Env { get => field.IsDefault ? [] : field; init; }

    /// <summary>Ports published on the device.</summary>
    public ImmutableArray<ContainerPort> Ports { get => field.IsDefault ? [] : field; init; }

    /// <summary>Folders of the device, or named volumes, seen in the container.</summary>
    public ImmutableArray<VolumeMount> VolumeMounts { get => field.IsDefault ? [] : field; init; }

    /// <summary>Limits; null for none.</summary>
    public ResourceLimits? Limits { get; init; }
}

/// <summary>One environment variable.</summary>
public sealed record EnvVar
{
    /// <summary>Not empty; without <c>=</c> and NUL.</summary>
    public string Name { get => field ?? string.Empty; init; }

    /// <summary>The value as it is; no NUL.</summary>
    public string Value { get => field ?? string.Empty; init; }
}

/// <summary>A port of the container, published on the device.</summary>
public sealed record ContainerPort
{
    /// <summary>In the container, 1 to 65535.</summary>
    [JsonPropertyName("containerPort")]
    public int Port { get; init; }

    /// <summary>On the device, 1 to 65535.</summary>
    public int HostPort { get; init; }

    /// <summary>The device's address to listen on; null for all.</summary>
    [JsonPropertyName("hostIP")]
    public string? HostIp { get; init; }

    /// <summary><c>TCP</c> (the default) or <c>UDP</c>.</summary>
    public string? Protocol { get; init; }
}

/// <summary>A folder or named volume seen in the container. Exactly one of <see cref="HostPath"/> and <see cref="Volume"/> is set.</summary>
public sealed record VolumeMount
{
    /// <summary>An absolute path on the device, which must exist.</summary>
    public string? HostPath { get; init; }

    /// <summary>A podman volume's name; made when it is missing, kept when the deployment goes.</summary>
    public string? Volume { get; init; }

    /// <summary>An absolute path in the container; unique in it.</summary>
    public string MountPath { get => field ?? string.Empty; init; }

    /// <summary>Whether the container may only read it.</summary>
    public bool ReadOnly { get; init; }
}

/// <summary>What a container may use at the most.</summary>
public sealed record ResourceLimits
{
    /// <summary>Bytes of memory, at least 4 MiB; null for no limit.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Thousandths of a core, at least 10; null for no limit.</summary>
    public int? CpuMillicores { get; init; }
}
