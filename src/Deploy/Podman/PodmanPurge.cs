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
        if (PodmanCommand.For(layout) is { } podman
            && await podman.RunAsync(["rm", "--all", "--force", "--time", "0"], cancellationToken).ConfigureAwait(false) is { IsOk: false } unremoved)
        {
            return unremoved.Fault;
        }

        PodmanProcesses.EndLostContainers(layout);
        if (await PodmanMounts.UnmountAsync(layout, cancellationToken).ConfigureAwait(false) is { } unmounted)
        {
            return unmounted;
        }

        return await DeleteAsync(layout, cancellationToken).ConfigureAwait(false);
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
