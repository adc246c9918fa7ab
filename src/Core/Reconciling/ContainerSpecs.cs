using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Containers;

namespace Harmony.Fleet.Core.Reconciling;

/// <summary>Turns a score into the containers that a runtime is asked for.</summary>
public static class ContainerSpecs
{
    /// <summary>How long a container may take to end where the score does not say.</summary>
    public const int DefaultStopTimeoutSeconds = 10;

    /// <summary>The containers of one deployment, in the score's order.</summary>
    /// <param name="entry">What the manifest says of the deployment.</param>
    /// <param name="score">Its score, known to be valid.</param>
    /// <param name="device">On which device.</param>
    public static ImmutableArray<ContainerSpec> From(ManifestEntry entry, PodmanV0Score score, DeviceId device) =>
        [.. score.Containers.Select(container => From(entry, score, container, device))];

    private static ContainerSpec From(ManifestEntry entry, PodmanV0Score score, Container container, DeviceId device) => new()
    {
        Name = $"{entry.Namespace}.{entry.Name}.{container.Name}",
        Image = container.Image,
        Command = container.Command,
        Args = container.Args,
        Env = container.Env.ToImmutableSortedDictionary(variable => variable.Name, variable => variable.Value, StringComparer.Ordinal),
        Labels = LabelsOf(entry, container, device),
        Ports = [.. container.Ports.Select(From)],
        Mounts = [.. container.VolumeMounts.Select(From)],
        RestartPolicy = score.RestartPolicy ?? RestartPolicy.Always,
        StopTimeoutSeconds = score.TerminationGracePeriodSeconds ?? DefaultStopTimeoutSeconds,
        MemoryBytes = container.Limits?.MemoryBytes ?? 0,
        CpuMillicores = container.Limits?.CpuMillicores ?? 0,
    };

    private static ImmutableSortedDictionary<string, string> LabelsOf(ManifestEntry entry, Container container, DeviceId device)
    {
        var labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        labels[ContainerLabels.Device] = device.Value;
        labels[ContainerLabels.Namespace] = entry.Namespace.Value;
        labels[ContainerLabels.Deployment] = entry.Name.Value;
        labels[ContainerLabels.Container] = container.Name;
        labels[ContainerLabels.Uid] = entry.Uid;
        labels[ContainerLabels.ScoreDigest] = entry.ScoreDigest.Value;
        labels[ContainerLabels.Image] = container.Image;
        return labels.ToImmutable();
    }

    private static PortMapping From(ContainerPort port) =>
        new(port.Port, port.HostPort, port.HostIp ?? string.Empty, port.Protocol?.ToLowerInvariant() ?? "tcp");

    private static MountSpec From(VolumeMount mount) => mount.Volume is { } volume
        ? new(MountKind.Volume, volume, mount.MountPath, mount.ReadOnly)
        : new(MountKind.Bind, mount.HostPath ?? string.Empty, mount.MountPath, mount.ReadOnly);
}
