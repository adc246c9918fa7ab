using System.Collections.Immutable;

namespace Harmony.Fleet.Core.Containers;

/// <summary>One container as the runtime's inspect shows it, together with what its image brings along.</summary>
public sealed record ObservedContainer
{
    /// <summary>The runtime's id.</summary>
    public required string Id { get; init; }

    /// <summary>The name, without a leading slash.</summary>
    public required string Name { get; init; }

    /// <summary>What it is doing.</summary>
    public required ContainerState State { get; init; }

    /// <summary>The runtime's own word for the state.</summary>
    public string StateText { get; init; } = string.Empty;

    /// <summary>The exit code; null unless it ended by itself and the runtime was there to see it.</summary>
    public int? ExitCode { get; init; }

    /// <summary>How often the runtime restarted it.</summary>
    public int Restarts { get; init; }

    /// <summary>When it last started; null when it never did.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it last ended; null when it never did, or nobody saw it.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The image reference that it was created with.</summary>
    public required string Image { get; init; }

    /// <summary>The id of its image, 64 hexadecimal characters without a prefix.</summary>
    public required string ImageId { get; init; }

    /// <summary>The digest of its image's manifest, <c>sha256:...</c>; empty where the runtime does not know it.</summary>
    public string ImageDigest { get; init; } = string.Empty;

    /// <summary>The entrypoint in force.</summary>
    public ImmutableArray<string> Entrypoint { get; init; } = [];

    /// <summary>The command in force (the entrypoint's arguments).</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>The environment in force: the image's, the runtime's own and the container's.</summary>
    public ImmutableSortedDictionary<string, string> Env { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The labels in force: the image's and the container's.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Published ports.</summary>
    public ImmutableArray<PortMapping> Ports { get; init; } = [];

    /// <summary>Mounts.</summary>
    public ImmutableArray<MountSpec> Mounts { get; init; } = [];

    /// <summary>The runtime's restart policy: <c>always</c>, <c>on-failure</c>, <c>no</c>, ...</summary>
    public string RestartPolicy { get; init; } = string.Empty;

    /// <summary>Between SIGTERM and SIGKILL, in seconds.</summary>
    public int StopTimeoutSeconds { get; init; }

    /// <summary>Limit in bytes; 0 for none.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Limit in thousandths of a core; 0 for none.</summary>
    public int CpuMillicores { get; init; }

    /// <summary>What its image brings along.</summary>
    public required ImageDefaults ImageDefaults { get; init; }
}

/// <summary>What a container gets from its image where its spec says nothing.</summary>
public sealed record ImageDefaults
{
    /// <summary>The image's entrypoint.</summary>
    public ImmutableArray<string> Entrypoint { get; init; } = [];

    /// <summary>The image's command.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>The image's environment.</summary>
    public ImmutableSortedDictionary<string, string> Env { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The image's labels.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Paths that the image declares as anonymous volumes.</summary>
    public ImmutableArray<string> Volumes { get; init; } = [];
}
