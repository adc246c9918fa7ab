using System.Collections.Concurrent;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Podman;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Deploy.Topologies;

namespace Harmony.Fleet.Deploy.Machines;

/// <summary>A podman for each virtual device of this machine, kept running.</summary>
internal sealed class LocalPodman(IHasFiles files, Random random, TimeProvider time, Action<string> say) : IRunsPodman, IAsyncDisposable
{
    private readonly ConcurrentDictionary<DeviceId, Supervisor<PodmanService>> running = new();
    private readonly ConcurrentDictionary<DeviceId, bool> begun = new();

    /// <summary>The folder of a device's podman.</summary>
    public static string FolderOf(DeviceId device) => $"devices/{device}/podman";

    /// <inheritdoc/>
    public async Task<Outcome<string>> PodmanAsync(DeviceId device, CancellationToken cancellationToken)
    {
        if (running.TryGetValue(device, out var present))
        {
            return present.Current.SocketPath;
        }

        begun[device] = true;
        var how = new Supervision
        {
            Name = $"{device} podman",
            LogFile = PodmanLayout.For(files.PathOf(FolderOf(device))).LogFile,
            Backoff = new RestartBackoff(random),
            Time = time,
            Say = say,
        };
        var started = await Supervisor<PodmanService>.StartAsync(how, token => StartAsync(device, token), cancellationToken);
        if (!started.IsOk)
        {
            return started.Fault;
        }

        running[device] = started.Value;
        return started.Value.Current.SocketPath;
    }

    /// <summary>How each of them is, by the device's name.</summary>
    public IEnumerable<StackPart> Parts() => running.OrderBy(pair => pair.Key).Select(pair => pair.Value.Part());

    /// <summary>Stops the services; containers go on.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(running.Values.Select(podman => podman.DisposeAsync().AsTask()));
        foreach (var kept in (await Bounded.AllAsync(Folders(), PodmanStop.ReleaseAsync)).OfType<Fault>())
        {
            say($"not all that the containers left on this machine could be cleared away ({kept.ToString().TrimEnd('.')})");
        }

        running.Clear();
    }

    /// <summary>Stops the containers of every device that was started, as a power cut in good order would. Not to be given up half-way: containers would stay behind.</summary>
    public async Task StopContainersAsync(Func<StopForecast, Task> tell, CancellationToken hurry)
    {
        var stopped = await PodmanStop.StopAllAsync([.. Folders()], tell, hurry, CancellationToken.None);
        if (!stopped.IsOk)
        {
            say($"not all containers could be stopped ({stopped.Fault.ToString().TrimEnd('.')})");
        }
    }

    /// <summary>Those of podmans that never came to answer, too: containers of a fleet that was killed may run in them, and a user's podman leaves a process of its own.</summary>
    private IEnumerable<string> Folders() => begun.Keys.Select(device => files.PathOf(FolderOf(device)));

    private async Task<Outcome<PodmanService>> StartAsync(DeviceId device, CancellationToken cancellationToken)
    {
        var result = await PodmanService.StartAsync(new() { Folder = files.PathOf(FolderOf(device)) }, time, cancellationToken);
        return result.IsOk
            ? result.Value
            : Fault.Permanent(
                $"podman of {device} did not start ({result.Fault.ToString().TrimEnd('.')})",
                PodmanLayout.For(files.PathOf(FolderOf(device))).MovedFrom is null ? "check that podman works on this machine: podman info" : "move the data folder back");
    }
}
