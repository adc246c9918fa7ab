using Harmony.Fleet.Core.Containers;

namespace Harmony.Fleet.Core.Reconciling;

/// <summary>Compares mounts by their place in the container.</summary>
internal static class MountDrift
{
    public static IEnumerable<string> Between(ContainerSpec spec, ObservedContainer observed)
    {
        var wanted = spec.Mounts.Select(Normal).ToHashSet();
        var anonymous = observed.ImageDefaults.Volumes.Select(Normal).Except(wanted.Select(mount => mount.Target)).ToHashSet(StringComparer.Ordinal);
        var found = observed.Mounts.Select(Normal)
            .Where(mount => mount.Kind != MountKind.Volume || !anonymous.Contains(mount.Target))
            .ToHashSet();
        foreach (var mount in wanted.Except(found).OrderBy(mount => mount.Target, StringComparer.Ordinal))
        {
            yield return $"mount {Text(mount)} is missing";
        }

        foreach (var mount in found.Except(wanted).OrderBy(mount => mount.Target, StringComparer.Ordinal))
        {
            yield return $"mount {Text(mount)} should not be there";
        }
    }

    private static MountSpec Normal(MountSpec mount) => mount with { Source = Normal(mount.Source), Target = Normal(mount.Target) };

    private static string Normal(string path) => path.Length > 1 ? path.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/" : path;

    private static string Text(MountSpec mount) => $"{mount.Source}:{mount.Target}{(mount.ReadOnly ? ":ro" : string.Empty)}";
}
