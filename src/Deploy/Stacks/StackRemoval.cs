using System.IO.Enumeration;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Files;
using Harmony.Fleet.Deploy.Podman;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Disks;

namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>Clears up after a stack that has ended, whichever way it ended. It touches nothing that is not known by its mark, and follows no link.</summary>
/// <param name="dataFolder">The data folder.</param>
/// <param name="time">The clock; null for the system's.</param>
public sealed class StackRemoval(string dataFolder, TimeProvider? time = null)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly LocalFiles files = new(dataFolder);

    /// <summary>Ends what a stack left running because it was killed: its containers have their time.</summary>
    /// <param name="now">Whether they are killed.</param>
    /// <param name="tell">Told what is going to be stopped, where something is.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Null, or why some still run, or something of theirs is still there.</returns>
    public Task<Fault?> StopContainersAsync(bool now, Func<StopForecast, Task> tell, CancellationToken cancellationToken) => WithLockAsync(
        async () =>
        {
            var folders = StackLeftovers.PodmanFolders(dataFolder);
            var stopped = await PodmanStop.StopAllAsync([.. folders], tell, new CancellationToken(now), cancellationToken);
            var left = await Bounded.AllAsync(folders, PodmanStop.ReleaseAsync);
            return !stopped.IsOk
                ? Fault.Permanent($"not all containers could be stopped ({stopped.Fault.ToString().TrimEnd('.')})", "try again")
                : Array.Find(left, fault => fault is not null) is { } kept ? Fault.Permanent($"not all that the containers left on this machine could be cleared away ({kept.ToString().TrimEnd('.')})", "try again") : null;
        },
        cancellationToken);

    /// <summary>Removes all that the stack made: containers, images, mounts, keys, data. Other files of the folder stay.</summary>
    /// <param name="progress">Told how many devices are still to be removed.</param>
    /// <param name="cancellationToken">Gives up; what is removed stays so, and the rest can be removed later.</param>
    /// <returns>Null, or why something is still there.</returns>
    public Task<Fault?> PurgeAsync(IProgress<int>? progress, CancellationToken cancellationToken) => WithLockAsync(
        async () => Inner() is { } inner
            ? new Fault(FaultKind.Conflict, $"another fleet is set up in {inner}, among what this one would remove", "remove that one first: fleet down --purge") { DataFolder = inner }
            : await PurgePodmanAsync(progress, cancellationToken) ?? RemoveFiles(),
        cancellationToken);

    /// <summary>The same, where nobody waits for it.</summary>
    public Task<Fault?> PurgeAsync(CancellationToken cancellationToken) => PurgeAsync(null, cancellationToken);

    private async Task<Fault?> WithLockAsync(Func<Task<Fault?>> work, CancellationToken cancellationToken)
    {
        var owner = new StackMark(dataFolder).Owner();
        if (owner is not StackOwner.Fleet)
        {
            return (owner as StackOwner.Unclear)?.Why;
        }

        var held = await StackLock.TakeAsync(files, cancellationToken);
        var clock = time ?? TimeProvider.System;
        while (held.Fault?.Kind == FaultKind.Conflict && await new StackControl(dataFolder, clock).LivingAsync(cancellationToken) is null)
        {
            // Nobody runs it: somebody clears it up, too.
            await Task.Delay(Poll, clock, cancellationToken);
            if (new StackMark(dataFolder).Owner() is StackOwner.Nobody)
            {
                return null;
            }

            held = await StackLock.TakeAsync(files, cancellationToken);
        }

        if (!held.IsOk)
        {
            return (await new StackControl(dataFolder, clock).StateAsync(cancellationToken)).Fault ?? held.Fault;
        }

        using (held.Value)
        {
            await new StackLeftovers(dataFolder, clock).EndAsync();
            var fault = await work();
            if (fault is null && IsFolder(files.PathOf("run")))
            {
                new StackFiles(files).Clear();
            }

            return fault;
        }
    }

    private async Task<Fault?> PurgePodmanAsync(IProgress<int>? progress, CancellationToken cancellationToken)
    {
        string[] folders = [.. StackLeftovers.PodmanFolders(dataFolder), .. await LostPodmanFoldersAsync(cancellationToken)];
        var left = folders.Length;
        var results = await Bounded.AllAsync(folders, async folder =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            var purged = await PodmanPurge.PurgeAsync(folder, cancellationToken);
            progress?.Report(Interlocked.Decrement(ref left));
            return (Folder: folder, Result: purged);
        });
        var failed = Array.Find(results, pair => !pair.Result.IsOk);
        return failed.Folder is null
            ? null
            : Fault.Permanent(
                $"the containers of {Path.GetFileName(Path.GetDirectoryName(failed.Folder))} could not be removed ({failed.Result.Fault!.ToString().TrimEnd('.')})", "try again");
    }

    /// <summary>Those of devices whose folder somebody removed: what ran there, and what leads there from the host's network, is known by its path.</summary>
    private async Task<string[]> LostPodmanFoldersAsync(CancellationToken cancellationToken) =>
        await new StackFiles(files).WishAsync(cancellationToken) is { IsOk: true, Value.Devices: var devices }
            ? [.. Enumerable.Range(1, devices)
                .Select(number => files.PathOf(Machines.LocalPodman.FolderOf(LocalFleet.DeviceAt(number))))
                .Where(folder => FileEntry.At(folder).Kind == FileKind.None)]
            : [];

    /// <summary>The data folder of a fleet among what this one would remove.</summary>
    private string? Inner()
    {
        // What is below is a container's.
        var podman = StackLeftovers.PodmanFolders(dataFolder).ToHashSet(StringComparer.Ordinal);
        return StackPaths.All.Select(files.PathOf).Where(IsFolder).SelectMany(MarksIn).Select(Path.GetDirectoryName).FirstOrDefault();

        IEnumerable<string> MarksIn(string folder) =>
            new FileSystemEnumerable<string>(folder, (ref entry) => entry.ToFullPath(), new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = default })
            {
                ShouldIncludePredicate = (ref entry) => entry.FileName.SequenceEqual(StackPaths.Mark),
                ShouldRecursePredicate = (ref entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint) && !podman.Contains(entry.ToFullPath()),
            };
    }

    private Fault? RemoveFiles()
    {
        try
        {
            foreach (var path in StackPaths.All.Select(files.PathOf))
            {
                switch (FileEntry.At(path).Kind)
                {
                    case FileKind.None:
                        break;
                    case FileKind.Folder:
                        Directory.Delete(path, recursive: true);
                        break;
                    default:
                        File.Delete(path);
                        break;
                }
            }

            if (IsFolder(dataFolder) && !Directory.EnumerateFileSystemEntries(dataFolder).Any())
            {
                Directory.Delete(dataFolder);
            }

            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Fault.Permanent($"{dataFolder} could not be removed ({exception.Message.TrimEnd('.')})", "remove the rest by hand");
        }
    }

    private static bool IsFolder(string path) => FileEntry.At(path).Kind == FileKind.Folder;
}
