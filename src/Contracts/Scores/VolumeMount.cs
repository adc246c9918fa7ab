namespace Harmony.Fleet.Contracts.Scores;

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
