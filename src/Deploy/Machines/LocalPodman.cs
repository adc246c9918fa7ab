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
    private readonly ConcurrentDictionary<DeviceId, Watched> running = new();
    private readonly ConcurrentDictionary<DeviceId, bool> begun = new();
    private readonly CancellationTokenSource stopping = new();

    /// <summary>The folder of a device's podman.</summary>
    public static string FolderOf(DeviceId device) => $"devices/{device}/podman";

    /// <inheritdoc/>
    public async Task<Outcome<string>> PodmanAsync(DeviceId device, CancellationToken cancellationToken)
    {
        if (running.TryGetValue(device, out var present))
        {
            return present.Service.SocketPath;
        }

        begun[device] = true;
        var started = await StartAsync(device, cancellationToken);
        if (!started.IsOk)
        {
            return started.Fault;
        }

        var watched = new Watched(started.Value) { Since = time.GetUtcNow() };
        running[device] = watched;
        watched.Watching = WatchAsync(device, watched);
        return watched.Service.SocketPath;
    }

    /// <summary>How each of them is, by the device's name.</summary>
    public IEnumerable<StackPart> Parts() => running.OrderBy(pair => pair.Key).Select(pair => new StackPart
    {
        Name = $"{pair.Key} podman",
        Process = pair.Value.Service.Exited.IsCompleted ? null : ProcessIdentity.Of(pair.Value.Service.ProcessId),
        Since = pair.Value.Since,
        Restarts = pair.Value.Exits,
        LogFile = pair.Value.Service.Layout.LogFile,
    });

    /// <summary>Stops the services; containers go on.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        foreach (var watched in running.Values)
        {
            await watched.Watching;
            await watched.Service.DisposeAsync();
        }

        await Task.WhenAll(Folders().Select(PodmanStop.ReleaseAsync));
        running.Clear();
        stopping.Dispose();
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
                PodmanLayout.For(files.PathOf(FolderOf(device))).MovedFrom is null ? "check that podman works on this machine: podman info" : "move the data folder back, or start afresh: fleet down --purge");
    }

    private async Task WatchAsync(DeviceId device, Watched watched)
    {
        var backoff = new RestartBackoff(random);
        while (!stopping.IsCancellationRequested)
        {
            var began = time.GetTimestamp();
            await watched.Service.Exited.WaitAsync(stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var ran = time.GetElapsedTime(began);
            (watched.Exits, watched.Since) = (watched.Exits + (stopping.IsCancellationRequested ? 0 : 1), time.GetUtcNow());
            while (!stopping.IsCancellationRequested)
            {
                var wait = backoff.Next(ran);
                say($"podman of {device} ended; starting it again in {wait.TotalSeconds:0.0} s");
                await Task.Delay(wait, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (await RestartedAsync(device, watched))
                {
                    break;
                }

                ran = TimeSpan.Zero;
            }
        }
    }

    private async Task<bool> RestartedAsync(DeviceId device, Watched watched)
    {
        try
        {
            var started = await StartAsync(device, stopping.Token);
            if (started.IsOk)
            {
                (watched.Service, watched.Since) = (started.Value, time.GetUtcNow());
                return true;
            }

            say(started.Fault.ToString());
        }
        catch (OperationCanceledException)
        {
            // Stopping: nothing was left running.
        }

        return false;
    }

    private sealed class Watched(PodmanService service)
    {
        public PodmanService Service { get; set; } = service;

        public Task Watching { get; set; } = Task.CompletedTask;

        public DateTimeOffset Since { get; set; }

        public int Exits { get; set; }
    }
}
