using System.Collections.Immutable;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Ports.Containers;

namespace Harmony.Fleet.Deploy.Podman;

/// <summary>Ends what a private podman runs, and clears it away. Needs no running service.</summary>
public static class PodmanPurge
{
    /// <summary>Removes every container of the folder's podman, with its networks, mounts, images and volumes, and the folder itself. Stop the service before.</summary>
    public static async Task<Outcome<Done>> PurgeAsync(string folder, CancellationToken cancellationToken)
    {
        var layout = PodmanLayout.For(folder);
        if (PodmanCommand.For(layout) is { } podman && await RemoveAsync(podman, ["--all"], cancellationToken).ConfigureAwait(false) is { } unremoved)
        {
            return unremoved;
        }

        // Where podman never ran there is nothing to look for among all processes and rules; where its folder was removed there may be.
        var hasRun = !Directory.Exists(layout.Folder) || Directory.Exists(layout.StorageFolder);
        if (hasRun)
        {
            PodmanProcesses.EndLostContainers(layout);
        }

        return (await PodmanMounts.UnmountAsync(layout, cancellationToken).ConfigureAwait(false)
            ?? (hasRun ? await NetworkRemains.ClearAsync(layout, cancellationToken).ConfigureAwait(false) : null)) is { } kept
            ? kept
            : await DeleteAsync(layout, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Has podman remove containers (ids, or <c>--all</c>), with what they have in the host's network. It learns only by trying that one was killed
    /// behind its back, hence it is asked twice.
    /// </summary>
    internal static async Task<Fault?> RemoveAsync(PodmanCommand podman, string[] containers, CancellationToken cancellationToken)
    {
        ImmutableArray<string> remove = ["rm", "--force", "--time", "0", .. containers];
        return (await podman.RunAsync(remove, cancellationToken).ConfigureAwait(false)).IsOk
            ? null
            : (await podman.RunAsync(remove, cancellationToken).ConfigureAwait(false)).Fault;
    }

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
