using System.Collections.Immutable;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Files;

namespace Harmony.Fleet.Deploy.Podman;

/// <summary>What is mounted below a private podman's folders: by its containers, or by podman itself, which leaves it where it is ended in the middle of its work.</summary>
internal static class PodmanMounts
{
    /// <summary>Those of <paramref name="layout"/>. The kernel names them by paths without links.</summary>
    public static ImmutableArray<string> Of(PodmanLayout layout) =>
        In(File.ReadAllText("/proc/self/mountinfo"), [RealPath.Of(layout.Folder), RealPath.Of(layout.RootFolder), RealPath.Of(layout.RuntimeFolder)]);

    /// <summary>The mounts below the folders in a mountinfo text, the innermost first.</summary>
    public static ImmutableArray<string> In(string mounts, ImmutableArray<string> folders) =>
    [
        .. mounts.Split('\n')
            .Select(line => line.Split(' '))
            .Where(words => words.Length > 4)
            .Select(words => words[4].Replace("\\040", " ", StringComparison.Ordinal))
            .Where(path => folders.Any(folder => path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal)))
            .Distinct(StringComparer.Ordinal)
            .OrderByDescending(path => path.Length),
    ];

    /// <summary>Unmounts all of them.</summary>
    /// <returns>Null, or why one is still there.</returns>
    public static async Task<Fault?> UnmountAsync(PodmanLayout layout, CancellationToken cancellationToken)
    {
        foreach (var mount in Of(layout))
        {
            var unmounted = await PodmanCommand.RunAsync(["umount", "--lazy", mount], [], PodmanCommand.Timeout, cancellationToken).ConfigureAwait(false);

            // Podman's own clean-up, still under way, may have been quicker.
            if (!unmounted.IsOk && Of(layout).Contains(mount))
            {
                return unmounted.Fault;
            }
        }

        return null;
    }
}
