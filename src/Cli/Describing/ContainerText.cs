using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Contracts.Scores;

namespace Harmony.Fleet.Cli.Describing;

/// <summary>The containers of a score, for people.</summary>
internal static class ContainerText
{
    /// <summary>Writes <paramref name="score"/> as a section of <paramref name="sheet"/>.</summary>
    public static void Write(Sheet sheet, PodmanV0Score? score) => sheet.Section("Containers", () =>
    {
        foreach (var container in score?.Containers ?? [])
        {
            sheet.Section(container.Name, () => Write(sheet, container));
        }
    });

    private static void Write(Sheet sheet, Container container)
    {
        sheet.Field("Image", container.Image).Field("Command", string.Join(' ', container.Command)).Field("Args", string.Join(' ', container.Args));
        sheet.Field("Ports", string.Join(", ", container.Ports.Select(Port)));
        sheet.Field("Env", string.Join(", ", container.Env.Select(variable => $"{variable.Name}={variable.Value}")));
        sheet.Field("Volumes", string.Join(", ", container.VolumeMounts.Select(mount => $"{mount.HostPath ?? mount.Volume}:{mount.MountPath}{(mount.ReadOnly ? ":ro" : string.Empty)}")));
        sheet.Field("Limits", string.Join(", ", Limits(container.Limits)));
    }

    private static string Port(ContainerPort port) =>
        $"{(port.HostIp is { } address ? $"{address}:" : string.Empty)}{port.HostPort}:{port.Port}/{(port.Protocol ?? "TCP").ToLowerInvariant()}";

    private static IEnumerable<string> Limits(ResourceLimits? limits)
    {
        if (limits?.MemoryBytes is { } bytes)
        {
            yield return $"memory {SizeText.Of(bytes)}";
        }

        if (limits?.CpuMillicores is { } millicores)
        {
            yield return $"cpu {millicores}m";
        }
    }
}
