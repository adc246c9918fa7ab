using System.Collections.Immutable;
using System.Diagnostics;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Files;
using Harmony.Fleet.Ports.Containers;

namespace Harmony.Fleet.Deploy.Podman;

/// <summary>Ends what a private podman runs, and clears it away. Needs no running service.</summary>
public static class PodmanPurge
{
    /// <summary>Removes every container of the folder's podman, with its networks, mounts, images and volumes, and the folder itself. Stop the service before.</summary>
    public static async Task<Outcome<Done>> PurgeAsync(string folder, CancellationToken cancellationToken)
    {
        var layout = PodmanLayout.For(folder);
        if (PodmanCommand.For(layout) is { } podman
            && await podman.RunAsync(["rm", "--all", "--force", "--time", "0"], cancellationToken).ConfigureAwait(false) is { IsOk: false } unremoved)
        {
            return unremoved.Fault;
        }

        EndLost(layout);
        foreach (var mount in MountsOf(layout))
        {
            var unmounted = await PodmanCommand.RunAsync(["umount", "--lazy", mount], [], PodmanCommand.Timeout, cancellationToken).ConfigureAwait(false);
            // Podman's own clean-up, still under way, may have been quicker.
            if (!unmounted.IsOk && MountsOf(layout).Contains(mount))
            {
                return unmounted.Fault;
            }
        }

        return await DeleteAsync(layout, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends containers that podman lost track of: what watches over each names the folder that podman kept it in.</summary>
    private static void EndLost(PodmanLayout layout)
    {
        foreach (var process in Process.GetProcessesByName("conmon"))
        {
            using (process)
            {
                if (CommandLineOf(process.Id).Any(word => word.StartsWith(layout.StorageFolder + "/", StringComparison.Ordinal)))
                {
                    process.Kill(entireProcessTree: true);
                }
            }
        }
    }

    private static string[] CommandLineOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Split('\0');
        }
        catch (IOException)
        {
            return []; // It has ended.
        }
    }

    /// <summary>The kernel names mounts by paths without links.</summary>
    private static ImmutableArray<string> MountsOf(PodmanLayout layout) =>
        MountsIn(File.ReadAllText("/proc/self/mountinfo"), [RealPath.Of(layout.Folder), RealPath.Of(layout.RootFolder), RealPath.Of(layout.RuntimeFolder)]);

    /// <summary>The mounts below the folders in a mountinfo text, the innermost first.</summary>
    internal static ImmutableArray<string> MountsIn(string mounts, ImmutableArray<string> folders) =>
    [
        .. mounts.Split('\n')
            .Select(line => line.Split(' '))
            .Where(words => words.Length > 4)
            .Select(words => words[4].Replace("\\040", " ", StringComparison.Ordinal))
            .Where(path => folders.Any(folder => path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal)))
            .Distinct(StringComparer.Ordinal)
            .OrderByDescending(path => path.Length),
    ];

    /// <summary>Without root, containers leave files of users that only podman may become.</summary>
    private static async Task<Outcome<Done>> DeleteAsync(PodmanLayout layout, CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess && PodmanCommand.For(layout) is { } podman)
        {
            var deleted = await podman.RunAsync(["unshare", "rm", "-rf", layout.StorageFolder], cancellationToken).ConfigureAwait(false);
            if (!deleted.IsOk)
            {
                return deleted.Fault;
            }

            // Ends the process that holds the user namespace.
            await podman.RunAsync(["system", "migrate"], cancellationToken).ConfigureAwait(false);
        }

        try
        {
            // Last the one that tells where the others are.
            foreach (var folder in (string[])[layout.RuntimeFolder, layout.RootFolder, layout.Folder])
            {
                if (Directory.Exists(folder))
                {
                    Directory.Delete(folder, recursive: true);
                }
            }

            layout.Places.Leave(layout.Folder);
            return default(Done);
        }
        catch (Exception kept) when (kept is IOException or UnauthorizedAccessException)
        {
            return new Fault(FaultKind.Transient, $"{layout.Folder} cannot be removed: {kept.Message}");
        }
    }
}
