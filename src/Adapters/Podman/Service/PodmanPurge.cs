using System.Collections.Immutable;
using System.Diagnostics;
using Harmony.Fleet.Ports.Containers;

namespace Harmony.Fleet.Adapters.Podman.Service;

/// <summary>Ends what a private podman runs, and clears it away. Needs no running service.</summary>
public static class PodmanPurge
{
    /// <summary>Stops every container of the folder's podman; they stay, to be started again.</summary>
    public static Task<RuntimeResult<Done>> StopContainersAsync(string folder, CancellationToken cancellationToken) =>
        RunAsync(PodmanLayout.For(folder), ["stop", "--all"], cancellationToken);

    /// <summary>Removes every container of the folder's podman, with its networks, mounts, images and volumes, and the folder itself. Stop the service before.</summary>
    public static async Task<RuntimeResult<Done>> PurgeAsync(string folder, CancellationToken cancellationToken)
    {
        var layout = PodmanLayout.For(folder);
        var removed = await RunAsync(layout, ["rm", "--all", "--force", "--time", "0"], cancellationToken).ConfigureAwait(false);
        if (!removed.IsOk)
        {
            return removed.Failure;
        }

        EndLost(layout);
        foreach (var mount in MountsOf(layout))
        {
            var unmounted = await PodmanCommand.RunAsync(["umount", "--lazy", mount], [], cancellationToken).ConfigureAwait(false);
            // Podman's own clean-up, still under way, may have been quicker.
            if (!unmounted.IsOk && MountsOf(layout).Contains(mount))
            {
                return unmounted.Failure;
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

    private static ImmutableArray<string> MountsOf(PodmanLayout layout) =>
        MountsIn(File.ReadAllText("/proc/self/mountinfo"), [layout.Folder, layout.RuntimeFolder]);

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
    private static async Task<RuntimeResult<Done>> DeleteAsync(PodmanLayout layout, CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess && Directory.Exists(layout.StorageFolder))
        {
            var deleted = await RunAsync(layout, ["unshare", "rm", "-rf", layout.StorageFolder], cancellationToken).ConfigureAwait(false);
            if (!deleted.IsOk)
            {
                return deleted.Failure;
            }

            // Ends the process that holds the user namespace.
            await RunAsync(layout, ["system", "migrate"], cancellationToken).ConfigureAwait(false);
        }

        try
        {
            foreach (var folder in (string[])[layout.RuntimeFolder, layout.Folder])
            {
                if (Directory.Exists(folder))
                {
                    Directory.Delete(folder, recursive: true);
                }
            }

            return default(Done);
        }
        catch (Exception kept) when (kept is IOException or UnauthorizedAccessException)
        {
            return new RuntimeFailure(RuntimeFailureKind.Transient, $"{layout.Folder} cannot be removed: {kept.Message}");
        }
    }

    private static async Task<RuntimeResult<Done>> RunAsync(PodmanLayout layout, ImmutableArray<string> arguments, CancellationToken cancellationToken) =>
        Directory.Exists(layout.StorageFolder) && PodmanBinary.Find() is { } podman
            ? await new PodmanCommand(layout, podman).RunAsync(arguments, cancellationToken).ConfigureAwait(false)
            : default(Done);
}
