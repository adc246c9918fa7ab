using System.Collections.Immutable;

namespace Harmony.Fleet.Adapters.Podman.Service;

/// <summary>A podman of one's own, apart from the machine's: a virtual device's.</summary>
public sealed record PodmanServiceOptions
{
    /// <summary>The folder that holds its images, containers, volumes and settings.</summary>
    public required string Folder { get; init; }

    /// <summary>Registries (host and port) that are spoken to without TLS.</summary>
    public ImmutableArray<string> InsecureRegistries { get; init; } = [];

    /// <summary>Whether the service ends when the process that started it does, however that ended. Containers go on in any case.</summary>
    public bool EndsWithParent { get; init; } = true;

    /// <summary>The longest wait until it answers.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
