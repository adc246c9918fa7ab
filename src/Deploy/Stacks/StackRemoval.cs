using Harmony.Fleet.Adapters.Podman.Service;
using Harmony.Fleet.Deploy.Machines;
using Harmony.Fleet.Deploy.Outcomes;
using Harmony.Fleet.Ports.Containers;

namespace Harmony.Fleet.Deploy.Stacks;

/// <summary>Clears up after a stack that has ended, whichever way it ended. It touches nothing where none was ever set up.</summary>
public sealed class StackRemoval(string dataFolder)
{
    private readonly LocalFiles files = new(dataFolder);

    /// <summary>Stops containers that a stack left running because it was killed.</summary>
    /// <returns>Null, or why some still run.</returns>
    public Task<Fault?> StopContainersAsync(CancellationToken cancellationToken) =>
        WithLockAsync(() => ForEachDeviceAsync(folder => PodmanPurge.StopContainersAsync(folder, cancellationToken), "stopped"), cancellationToken);

    /// <summary>Removes all that the stack made: containers, images, mounts, keys, data. Other files of the folder stay.</summary>
    /// <returns>Null, or why something is still there.</returns>
    public Task<Fault?> PurgeAsync(CancellationToken cancellationToken) => WithLockAsync(
        async () => await ForEachDeviceAsync(folder => PodmanPurge.PurgeAsync(folder, cancellationToken), "removed") ?? RemoveFiles(),
        cancellationToken);

    private async Task<Fault?> WithLockAsync(Func<Task<Fault?>> work, CancellationToken cancellationToken)
    {
        if (!new StackMark(dataFolder).IsThere)
        {
            return null;
        }

        var held = await StackLock.TakeAsync(files, cancellationToken);
        if (!held.IsDone)
        {
            return held.Fault;
        }

        using (held.Value)
        {
            return await work();
        }
    }

    private async Task<Fault?> ForEachDeviceAsync(Func<string, Task<RuntimeResult<Done>>> work, string what)
    {
        var devices = files.PathOf(StackPaths.Devices);
        if (!Directory.Exists(devices))
        {
            return null;
        }

        var results = await Task.WhenAll(Directory.GetDirectories(devices).Select(async device => (Device: device, Result: await work(Path.Combine(device, "podman")))));
        var failed = Array.Find(results, pair => !pair.Result.IsOk);
        return failed.Device is null
            ? null
            : new Fault(FaultKind.Failed, $"the containers of {Path.GetFileName(failed.Device)} could not be {what} ({failed.Result.Failure!.Message.TrimEnd('.')})", "try again");
    }

    private Fault? RemoveFiles()
    {
        try
        {
            foreach (var name in StackPaths.All)
            {
                var path = files.PathOf(name);
                if (Directory.Exists(path))
                {
                    Directory.Delete(path, recursive: true);
                }
                else
                {
                    File.Delete(path);
                }
            }

            if (!Directory.EnumerateFileSystemEntries(dataFolder).Any())
            {
                Directory.Delete(dataFolder);
            }

            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new Fault(FaultKind.Failed, $"{dataFolder} could not be removed ({exception.Message.TrimEnd('.')})", "remove the rest by hand");
        }
    }
}
