using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Harmony.Fleet.Contracts.Wire;

namespace Harmony.Fleet.Contracts.Scores;

/// <summary>What should stand on a device: externally tagged, <c>{"PodmanV0": {...}}</c>, exactly one of its kinds set.</summary>
public sealed record ReconcileScore
{
    /// <summary>Containers run by podman.</summary>
    [JsonPropertyName("PodmanV0")]
    public PodmanV0Score? PodmanV0 { get; init; }
}

/// <summary>Containers run by podman on the device.</summary>
public sealed record PodmanV0Score
{
    /// <summary>1 to 16 containers; their names differ.</summary>
    public ImmutableArray<Container> Containers { get => field.IsDefault ? [] : field; init; }

    /// <summary>When a container is started again after it ended; null for Always.</summary>
    public RestartPolicy? RestartPolicy { get; init; }

    /// <summary>How long a container may take to end after SIGTERM before SIGKILL, in seconds: 0 to 3600, default 10.</summary>
    public int? TerminationGracePeriodSeconds { get; init; }
}

/// <summary>When podman starts a container again.</summary>
[JsonConverter(typeof(TolerantEnumConverter<RestartPolicy>))]
public enum RestartPolicy
{
    /// <summary>A value from a newer version; it fails the deployment.</summary>
    Unknown,

    /// <summary>Whenever it ended; the default.</summary>
    Always,

    /// <summary>When it ended with an exit code other than 0.</summary>
    OnFailure,

    /// <summary>Never: it is meant to run to its end.</summary>
    Never,
}
