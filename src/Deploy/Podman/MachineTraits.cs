using System.Globalization;
using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Deploy.Podman;

/// <summary>What of a machine decides how podman must be set up on it.</summary>
/// <param name="HasUnifiedCgroups">Whether there is cgroup v2 alone.</param>
/// <param name="HasSystemd">Whether systemd is process 1.</param>
/// <param name="HasRunc">Whether runc is installed.</param>
/// <param name="MayRaiseLimits">Whether this process may go beyond its hard limits.</param>
/// <param name="MaxOpenFiles">The hard limit of open files; null for none.</param>
/// <param name="MaxProcesses">The hard limit of processes; null for none. Podman lowers it to the number of process ids that there are.</param>
internal sealed record MachineTraits(
    bool HasUnifiedCgroups, bool HasSystemd, bool HasRunc, bool MayRaiseLimits, long? MaxOpenFiles, long? MaxProcesses)
{
    private const int CapSysResource = 24;

    /// <summary>Those of this machine.</summary>
    public static MachineTraits Detect() => Read(
        File.ReadAllText("/proc/self/mountinfo"),
        File.ReadAllText("/proc/self/status"),
        File.ReadAllText("/proc/self/limits"),
        File.ReadAllText("/proc/sys/kernel/pid_max"),
        Directory.Exists("/run/systemd/system"),
        InstalledPrograms.Find("runc") is not null);

    /// <summary>Those that the kernel's texts tell.</summary>
    public static MachineTraits Read(string mounts, string status, string limits, string pidMax, bool hasSystemd, bool hasRunc) => new(
        mounts.Split('\n').Any(IsUnifiedRoot),
        hasSystemd,
        hasRunc,
        HasCapability(status, CapSysResource),
        HardLimit(limits, "Max open files"),
        Smaller(HardLimit(limits, "Max processes"), long.TryParse(pidMax.Trim(), CultureInfo.InvariantCulture, out var ids) ? ids : null));

    /// <summary>A line of mountinfo: the mount point is the fifth word, the kind of file system stands behind a dash.</summary>
    private static bool IsUnifiedRoot(string line)
    {
        var words = line.Split(' ');
        var dash = Array.IndexOf(words, "-");
        return dash > 4 && dash + 1 < words.Length && words[4] == "/sys/fs/cgroup" && words[dash + 1] == "cgroup2";
    }

    private static bool HasCapability(string status, int bit) =>
        status.Split('\n').FirstOrDefault(line => line.StartsWith("CapEff:", StringComparison.Ordinal)) is { } line
        && ulong.TryParse(line["CapEff:".Length..].Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var set)
        && (set & (1UL << bit)) != 0;

    private static long? Smaller(long? one, long? other) => one is null ? other : other is null ? one : Math.Min(one.Value, other.Value);

    /// <summary>A line of limits: name, soft limit, hard limit, unit.</summary>
    private static long? HardLimit(string limits, string name) =>
        limits.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
        && line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var hard, ..]
        && long.TryParse(hard, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;
}
