using System.Text.Json.Serialization;

namespace Harmony.Fleet.Contracts.Scores;

/// <summary>What should stand on a device: externally tagged, <c>{"PodmanV0": {...}}</c>, exactly one of its kinds set.</summary>
public sealed record ReconcileScore
{
    /// <summary>Containers run by podman.</summary>
    [JsonPropertyName("PodmanV0")]
    public PodmanV0Score? PodmanV0 { get; init; }
}
