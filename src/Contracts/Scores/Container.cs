using System.Collections.Immutable;

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
