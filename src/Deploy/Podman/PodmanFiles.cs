using System.Collections.Immutable;
using System.Text;

namespace Harmony.Fleet.Deploy.Podman;

/// <summary>Writes the settings of a private podman. They replace the machine's own, so that nothing there can surprise.</summary>
internal static class PodmanFiles
{
    /// <summary>What podman asks for by itself.</summary>
    private const long UsualLimit = 1_048_576;

    /// <summary>The text of containers.conf.</summary>
    public static string ContainersConf(MachineTraits machine, PodmanNetwork network)
    {
        var text = new StringBuilder();
        text.AppendLine("# Written at each start.");
        text.AppendLine("[containers]");
        text.AppendLine("log_driver = \"k8s-file\"");
        text.AppendLine("log_size_max = 10485760");
        if (Limits(machine) is { Length: > 0 } limits)
        {
            text.AppendLine($"default_ulimits = [{string.Join(", ", limits.Select(limit => $"\"{limit}\""))}]");
        }

        text.AppendLine("[network]");
        text.AppendLine($"default_network = \"{network.Name}\"");
        text.AppendLine("[engine]");
        text.AppendLine("events_logger = \"file\"");
        if (!machine.HasUnifiedCgroups && machine.HasRunc)
        {
            // crun refuses cgroup v1 and v2 side by side.
            text.AppendLine("runtime = \"runc\"");
        }

        if (!machine.HasSystemd)
        {
            text.AppendLine("cgroup_manager = \"cgroupfs\"");
        }

        return text.ToString();
    }

    /// <summary>The text of registries.conf. Names are always in full, so that nothing is searched for.</summary>
    public static string RegistriesConf(ImmutableArray<string> insecure)
    {
        var text = new StringBuilder("# Written at each start.\nunqualified-search-registries = []\n");
        foreach (var registry in insecure)
        {
            text.Append($"[[registry]]\nlocation = \"{registry}\"\ninsecure = true\n");
        }

        return text.ToString();
    }

    /// <summary>Podman raises limits to its usual ones, and fails where it may not.</summary>
    private static string[] Limits(MachineTraits machine) =>
        machine.MayRaiseLimits
            ? []
            : [.. new[] { ("nofile", machine.MaxOpenFiles), ("nproc", machine.MaxProcesses) }
                .Where(limit => limit.Item2 < UsualLimit)
                .Select(limit => $"{limit.Item1}={limit.Item2}:{limit.Item2}")];
}
