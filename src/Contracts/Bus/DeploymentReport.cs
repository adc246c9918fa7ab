using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Harmony.Fleet.Contracts.Wire;
using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Contracts.Bus;

/// <summary>One deployment on one device.</summary>
public sealed record DeploymentReport
{
    /// <summary>The deployment's namespace.</summary>
    public required NamespaceName Namespace { get; init; }

    /// <summary>The deployment's name.</summary>
    public required DeploymentName Name { get; init; }

    /// <summary>The uid that the manifest names.</summary>
    public required string Uid { get; init; }

    /// <summary>The digest of the score that this speaks of.</summary>
    public required Digest ScoreDigest { get; init; }

    /// <summary>How far it is.</summary>
    public required Phase Phase { get; init; }

    /// <summary>Of a Running one: whether it is over, because all of its containers were to end, and ended with 0. Left out where it is not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Completed { get; init; }

    /// <summary>Since when it is in this phase, or over, by the device's clock.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>The containers that stand for it.</summary>
    public ImmutableArray<ContainerReport> Containers { get => field.IsDefault ? [] : field; init; }

    /// <summary>What last went wrong, at most 512 bytes; null when nothing has, or it was overcome.</summary>
    public string? LastError { get; init; }
}

/// <summary>How far a deployment is on one device.</summary>
[JsonConverter(typeof(TolerantEnumConverter<Phase>))]
public enum Phase
{
    /// <summary>A phase from a newer agent; counts as pending.</summary>
    Unknown,

    /// <summary>Named by the manifest, not begun.</summary>
    Pending,

    /// <summary>Its images are being pulled.</summary>
    Pulling,

    /// <summary>Its containers are being made.</summary>
    Initializing,

    /// <summary>Containers of an older score are being replaced.</summary>
    Upgrading,

    /// <summary>All containers stand as the score says (one that may end by its restart policy and ended with 0 counts too).</summary>
    Running,

    /// <summary>It could not be brought up; lastError says why.</summary>
    Failed,

    /// <summary>No longer in the manifest; its containers are being removed.</summary>
    Removing,
}

/// <summary>One container on one device.</summary>
public sealed record ContainerReport
{
    /// <summary>Its name in the score.</summary>
    public required string Name { get; init; }

    /// <summary>Podman's id: 64 hexadecimal characters.</summary>
    public required string Id { get; init; }

    /// <summary>Podman's word for its state, for example <c>running</c>.</summary>
    public required string State { get; init; }

    /// <summary>How often podman restarted it.</summary>
    public int Restarts { get; init; }

    /// <summary>When it last started, by the device's clock.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Its exit code when it is not running.</summary>
    public int? ExitCode { get; init; }
}
