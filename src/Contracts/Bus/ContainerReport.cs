namespace Harmony.Fleet.Contracts.Bus;

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
