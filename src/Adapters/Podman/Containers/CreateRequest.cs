using Harmony.Fleet.Adapters.Podman.Images;
using Harmony.Fleet.Adapters.Podman.Json;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Reconciling;

namespace Harmony.Fleet.Adapters.Podman.Containers;

/// <summary>Writes a container's spec as podman wants it.</summary>
internal static class CreateRequest
{
    private const int PeriodMicroseconds = 100_000;
    private const int MicrosecondsPerMillicore = PeriodMicroseconds / 1000;

    /// <summary>The body of a create for <paramref name="image"/>, which is the spec's own in full.</summary>
    public static CreateDocument For(ContainerSpec spec, ImageName image) => new()
    {
        Name = spec.Name,
        Image = image.Text,
        Entrypoint = spec.Command.IsEmpty ? null : [.. spec.Command],
        Command = spec.Args.IsEmpty ? null : [.. spec.Args],
        Env = spec.Env,
        Labels = spec.Labels,
        Ports = [.. spec.Ports.Select(port => new CreateDocument.PortPart(port.ContainerPort, port.HostPort, port.HostIp, port.Protocol))],
        Mounts = [.. spec.Mounts.Where(mount => mount.Kind == MountKind.Bind).Select(Bind)],
        Volumes = [.. spec.Mounts.Where(mount => mount.Kind == MountKind.Volume).Select(Volume)],
        RestartPolicy = RestartPolicyNames.Of(spec.RestartPolicy),
        StopTimeout = (uint)Math.Max(0, spec.StopTimeoutSeconds),
        Limits = Limits(spec),
    };

    private static CreateDocument.BindPart Bind(MountSpec mount) =>
        new("bind", mount.Source, mount.Target, mount.ReadOnly ? ["rbind", "ro"] : ["rbind"]);

    private static CreateDocument.VolumePart Volume(MountSpec mount) =>
        new(mount.Source, mount.Target, mount.ReadOnly ? ["ro"] : []);

    private static CreateDocument.LimitsPart? Limits(ContainerSpec spec) =>
        spec is { MemoryBytes: 0, CpuMillicores: 0 }
            ? null
            : new(
                spec.MemoryBytes == 0 ? null : new(spec.MemoryBytes),
                spec.CpuMillicores == 0 ? null : new((long)spec.CpuMillicores * MicrosecondsPerMillicore, PeriodMicroseconds));
}
