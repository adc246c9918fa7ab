using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Scores;

namespace Harmony.Fleet.Core.Containers;

/// <summary>One container as it should stand: what a runtime needs to create it.</summary>
public sealed record ContainerSpec
{
    /// <summary>The name in the runtime: <c>namespace.deployment.container</c>; the parts are DNS labels, so no two deployments share one.</summary>
    public required string Name { get; init; }

    /// <summary>The image reference as the score gives it.</summary>
    public required string Image { get; init; }

    /// <summary>Replaces the image's entrypoint where it is not empty.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>Replaces the image's command where it is not empty.</summary>
    public ImmutableArray<string> Args { get; init; } = [];

    /// <summary>Environment variables beyond the image's own.</summary>
    public ImmutableSortedDictionary<string, string> Env { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Labels beyond the image's own; <see cref="ContainerLabels"/> among them.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Published ports.</summary>
    public ImmutableArray<PortMapping> Ports { get; init; } = [];

    /// <summary>Mounts.</summary>
    public ImmutableArray<MountSpec> Mounts { get; init; } = [];

    /// <summary>When the runtime starts it again.</summary>
    public RestartPolicy RestartPolicy { get; init; } = RestartPolicy.Always;

    /// <summary>Between SIGTERM and SIGKILL, in seconds.</summary>
    public int StopTimeoutSeconds { get; init; } = 10;

    /// <summary>Limit in bytes; 0 for none.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Limit in thousandths of a core; 0 for none.</summary>
    public int CpuMillicores { get; init; }
}

/// <summary>One mount.</summary>
/// <param name="Kind">A folder of the host, or a named volume.</param>
/// <param name="Source">The absolute path on the host, or the volume's name.</param>
/// <param name="Target">The absolute path in the container.</param>
/// <param name="ReadOnly">Whether the container may only read it.</param>
public sealed record MountSpec(MountKind Kind, string Source, string Target, bool ReadOnly);

/// <summary>What is mounted.</summary>
public enum MountKind
{
    /// <summary>A folder of the host.</summary>
    Bind,

    /// <summary>A named volume.</summary>
    Volume,
}

/// <summary>One published port.</summary>
/// <param name="ContainerPort">In the container.</param>
/// <param name="HostPort">On the host.</param>
/// <param name="HostIp">The host's address; empty for all.</param>
/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
public sealed record PortMapping(int ContainerPort, int HostPort, string HostIp, string Protocol);
