using System.Collections.Immutable;
using Harmony.Fleet.Core.Containers;

namespace Harmony.Fleet.Core.Reconciling;

/// <summary>
/// Compares a container as it should be with the one that stands, field by field. What the image and the runtime bring along is no
/// difference, nor is order where it means nothing. No value of a variable or an argument is ever named: they may be secrets.
/// </summary>
public static class Drift
{
    /// <summary>Every difference, one part of a sentence each; none where the container is as it should be.</summary>
    public static ImmutableArray<string> Between(ContainerSpec spec, ObservedContainer observed) =>
    [
        .. Image(spec, observed),
        .. Command(spec, observed),
        .. EnvironmentDrift.Between(spec, observed),
        .. LabelDrift.Between(spec, observed),
        .. MountDrift.Between(spec, observed),
        .. Ports(spec, observed),
        .. Policy(spec, observed),
    ];

    /// <summary>
    /// The image is the one that the score names when it was asked for under the same reference, and is still the one that this gave
    /// then: an image's id is a digest of its content. Where a tag points by now does not matter.
    /// </summary>
    private static IEnumerable<string> Image(ContainerSpec spec, ObservedContainer observed)
    {
        var asked = observed.Labels.GetValueOrDefault(ContainerLabels.Image);
        if (asked != spec.Image)
        {
            yield return $"image {asked ?? observed.Image} instead of {spec.Image}";
        }
        else if (observed.Labels.GetValueOrDefault(ContainerLabels.ImageId) != observed.ImageId)
        {
            yield return $"its image is not the one that {spec.Image} was when it was made";
        }
    }

    /// <summary>What is run is entrypoint and arguments in one row: runtimes split it in different places.</summary>
    private static IEnumerable<string> Command(ContainerSpec spec, ObservedContainer observed)
    {
        var image = observed.ImageDefaults;
        var entrypoint = spec.Command.IsEmpty ? image.Entrypoint : spec.Command;
        var arguments = !spec.Args.IsEmpty ? spec.Args : spec.Command.IsEmpty ? image.Command : [];
        if (!entrypoint.Concat(arguments).SequenceEqual(observed.Entrypoint.Concat(observed.Command), StringComparer.Ordinal))
        {
            yield return "command or arguments differ";
        }
    }

    private static IEnumerable<string> Ports(ContainerSpec spec, ObservedContainer observed)
    {
        var wanted = spec.Ports.Select(Normal).ToHashSet();
        var found = observed.Ports.Select(Normal).ToHashSet();
        foreach (var port in wanted.Except(found).OrderBy(port => port.HostPort))
        {
            yield return $"port {Text(port)} is not published";
        }

        foreach (var port in found.Except(wanted).OrderBy(port => port.HostPort))
        {
            yield return $"port {Text(port)} is published and should not be";
        }
    }

    private static PortMapping Normal(PortMapping port) => port with
    {
        HostIp = port.HostIp is "0.0.0.0" ? string.Empty : port.HostIp,
        Protocol = port.Protocol.Length == 0 ? "tcp" : port.Protocol.ToLowerInvariant(),
    };

    private static string Text(PortMapping port) =>
        $"{(port.HostIp.Length == 0 ? string.Empty : port.HostIp + ":")}{port.HostPort}:{port.ContainerPort}/{port.Protocol}";

    private static IEnumerable<string> Policy(ContainerSpec spec, ObservedContainer observed)
    {
        var (wanted, found) = (RestartPolicyNames.Of(spec.RestartPolicy), observed.RestartPolicy.Length == 0 ? RestartPolicyNames.No : observed.RestartPolicy);
        if (wanted != found)
        {
            yield return $"restart policy {found} instead of {wanted}";
        }

        if (observed.StopTimeoutSeconds != spec.StopTimeoutSeconds)
        {
            yield return $"stop timeout {observed.StopTimeoutSeconds} s instead of {spec.StopTimeoutSeconds} s";
        }

        if (observed.MemoryBytes != spec.MemoryBytes)
        {
            yield return $"memory limit {observed.MemoryBytes} instead of {spec.MemoryBytes}";
        }

        if (observed.CpuMillicores != spec.CpuMillicores)
        {
            yield return $"processor limit {observed.CpuMillicores}m instead of {spec.CpuMillicores}m";
        }
    }
}
