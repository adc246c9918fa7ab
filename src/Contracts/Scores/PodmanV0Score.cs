using System.Collections.Immutable;

namespace Harmony.Fleet.Contracts.Scores;

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
