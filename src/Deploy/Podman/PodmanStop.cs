using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Ports.Containers;

namespace Harmony.Fleet.Deploy.Podman;

/// <summary>What is going to be stopped.</summary>
/// <param name="Containers">How many containers run.</param>
/// <param name="Longest">How long the slowest of them may take before it is killed.</param>
public sealed record StopForecast(int Containers, TimeSpan Longest);

/// <summary>Stops what private podmans run; the containers stay, to be started again. Needs no running service.</summary>
public static class PodmanStop
{
    /// <summary>What podman itself may take beside the containers.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    /// <summary>Podman stops at least this many at the same time, whatever the machine: more of them are given to more calls of it.</summary>
    private const int OneCall = 4;

    private static readonly string[] Lively = ["running", "paused", "stopping"];

    private static readonly TimeSpan UsualGrace = TimeSpan.FromSeconds(10);

    /// <summary>Stops every container of the podmans in <paramref name="folders"/>, all at the same time, and waits until they have ended.</summary>
    /// <param name="folders">The podmans' folders.</param>
    /// <param name="tell">Told what is going to be stopped, where something is.</param>
    /// <param name="hurry">When it is cancelled, those that have not ended yet are killed.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public static async Task<Outcome<Done>> StopAllAsync(
        ImmutableArray<string> folders, Func<StopForecast, Task> tell, CancellationToken hurry, CancellationToken cancellationToken)
    {
        var found = await Bounded.AllAsync(folders, folder => RunningAsync(folder, cancellationToken)).ConfigureAwait(false);

        // What one podman cannot tell is no reason to let those of the others run.
        var unknown = Array.Find(found, result => !result.IsOk).Fault;
        ImmutableArray<Running> running = [.. found.Where(result => result.IsOk).SelectMany(result => result.Value)];
        if (running.IsEmpty)
        {
            return unknown is null ? default(Done) : unknown;
        }

        await tell(new StopForecast(running.Length, running.Max(container => container.Grace))).ConfigureAwait(false);
        var stopped = await Task.WhenAll(running.GroupBy(container => container.Podman).Select(group => StopAsync(group.Key, [.. group], hurry, cancellationToken))).ConfigureAwait(false);
        return (Array.Find(stopped, result => !result.IsOk).Fault ?? unknown) is { } failure ? failure : default(Done);
    }

    /// <summary>Lets go of what podman leaves in the background: for a user the process that holds its namespace, for root what <see cref="SettleAsync"/> clears away.</summary>
    public static async Task ReleaseAsync(string folder)
    {
        var layout = PodmanLayout.For(folder);
        if (PodmanCommand.For(layout) is not { } podman)
        {
            return;
        }

        if (!Environment.IsPrivilegedProcess)
        {
            await PodmanProcesses.EndServiceAsync(layout, TimeProvider.System).ConfigureAwait(false);
            await podman.RunAsync(["system", "migrate"], CancellationToken.None).ConfigureAwait(false);
        }
        else if (!PodmanMounts.Of(layout).IsEmpty || await NetworkRemains.AreThereAsync(layout, CancellationToken.None).ConfigureAwait(false))
        {
            await SettleAsync(layout, podman, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Puts right what was left by containers, or by podman itself, that were killed: containers that podman takes for alive, and, where none runs,
    /// mounts and what led to them from the host's network.
    /// </summary>
    internal static async Task SettleAsync(PodmanLayout layout, PodmanCommand podman, CancellationToken cancellationToken)
    {
        var running = await RunningAsync(podman, cancellationToken).ConfigureAwait(false);
        if (await WithoutDeadAsync(podman, running, cancellationToken).ConfigureAwait(false) is { IsOk: true, Value.IsEmpty: true })
        {
            // Podman itself first, so that it knows of it; then the rest.
            await podman.RunAsync(["container", "cleanup", "--all"], cancellationToken).ConfigureAwait(false);
            await PodmanMounts.UnmountAsync(layout, cancellationToken).ConfigureAwait(false);
            await NetworkRemains.ClearAsync(layout, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Removes those that have no process any more, and gives back the others. Killed together with what watched over them, they run, or are
    /// being stopped, for ever in podman's eyes: it cannot start them again. The agent makes them anew.
    /// </summary>
    private static async Task<Outcome<ImmutableArray<Running>>> WithoutDeadAsync(PodmanCommand podman, Outcome<ImmutableArray<Running>> found, CancellationToken cancellationToken)
    {
        if (!found.IsOk || found.Value.Where(container => container.IsDead).Select(container => container.Id).ToArray() is not { Length: > 0 } dead)
        {
            return found;
        }

        // One that ended just now is told by what watched over it as its last deed, and podman knows of it the next time that it looks.
        var left = await RunningAsync(podman, cancellationToken).ConfigureAwait(false);
        if (left.IsOk && left.Value.Select(container => container.Id).Intersect(dead).ToArray() is { Length: > 0 } forgotten)
        {
            await PodmanPurge.RemoveAsync(podman, forgotten, cancellationToken).ConfigureAwait(false);
            left = await RunningAsync(podman, cancellationToken).ConfigureAwait(false);
        }

        return left;
    }

    /// <summary>The containers that run, are paused, or are being stopped.</summary>
    private static async Task<Outcome<ImmutableArray<Running>>> RunningAsync(string folder, CancellationToken cancellationToken) =>
        PodmanCommand.For(PodmanLayout.For(folder)) is { } podman ? await RunningAsync(podman, cancellationToken).ConfigureAwait(false) : ImmutableArray<Running>.Empty;

    private static async Task<Outcome<ImmutableArray<Running>>> RunningAsync(PodmanCommand podman, CancellationToken cancellationToken)
    {
        var listed = await podman.RunAsync(["ps", "--all", "--format", "json"], cancellationToken).ConfigureAwait(false);
        if (!listed.IsOk)
        {
            return listed.Fault;
        }

        try
        {
            var all = JsonSerializer.Deserialize(listed.Value, StopJson.Default.StoppingContainerArray) ?? [];
            StoppingContainer[] running = [.. all.Where(container => Lively.Contains(container.State, StringComparer.OrdinalIgnoreCase))];
            var graces = await GracesAsync(podman, [.. running.Select(container => container.Id)], cancellationToken).ConfigureAwait(false);
            return running.Select(container => new Running(podman, container.Id, container.Pid, graces.GetValueOrDefault(container.Id, UsualGrace))).ToImmutableArray();
        }
        catch (JsonException unreadable)
        {
            return new Fault(FaultKind.Transient, $"podman's list of containers cannot be read: {unreadable.Message}");
        }
    }

    /// <summary>How long each may take, by its id. One call asks for all; where one of them went away meanwhile, each is asked for alone.</summary>
    private static async Task<Dictionary<string, TimeSpan>> GracesAsync(PodmanCommand podman, string[] ids, CancellationToken cancellationToken)
    {
        var graces = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        if (ids.Length == 0)
        {
            return graces;
        }

        var told = await podman.RunAsync(["container", "inspect", "--format", "{{.Id}} {{.Config.StopTimeout}}", .. ids], cancellationToken).ConfigureAwait(false);
        foreach (var line in told.IsOk ? told.Value.Split('\n') : [])
        {
            if (line.Split(' ') is [var id, var seconds] && uint.TryParse(seconds, CultureInfo.InvariantCulture, out var grace))
            {
                graces[id] = TimeSpan.FromSeconds(grace);
            }
        }

        foreach (var id in told.IsOk || ids.Length == 1 ? [] : ids)
        {
            foreach (var (one, grace) in await GracesAsync(podman, [id], cancellationToken).ConfigureAwait(false))
            {
                graces[one] = grace;
            }
        }

        return graces;
    }

    private static async Task<Outcome<Done>> StopAsync(PodmanCommand podman, ImmutableArray<Running> containers, CancellationToken hurry, CancellationToken cancellationToken)
    {
        // One that is paused hears no signal.
        await podman.RunAsync(["unpause", "--all"], cancellationToken).ConfigureAwait(false);
        var stopping = Task.WhenAll(containers.Chunk(OneCall).Select(part => StopAsync(podman, part, cancellationToken)));
        await Task.WhenAny(stopping, Task.Delay(Timeout.Infinite, hurry)).ConfigureAwait(false);
        if (!stopping.IsCompleted)
        {
            await podman.RunAsync(["kill", .. containers.Select(container => container.Id)], cancellationToken).ConfigureAwait(false);
        }

        var ended = await stopping.ConfigureAwait(false);

        // What podman says of one that was killed meanwhile is of no interest, only whether one is left.
        var left = await WithoutDeadAsync(podman, await RunningAsync(podman, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        return !left.IsOk ? left.Fault
            : left.Value.IsEmpty ? default(Done)
            : Array.Find(ended, result => !result.IsOk).Fault ?? new Fault(FaultKind.Transient, $"{left.Value.Length} still run");
    }

    private static Task<Outcome<string>> StopAsync(PodmanCommand podman, Running[] containers, CancellationToken cancellationToken) =>
        podman.RunAsync(["stop", "--ignore", .. containers.Select(container => container.Id)], containers.Max(container => container.Grace) + Margin, cancellationToken);

    private sealed record Running(PodmanCommand Podman, string Id, int Process, TimeSpan Grace)
    {
        public bool IsDead => Process > 0 && ProcessIdentity.Of(Process) is null && !PodmanProcesses.IsWatched(Id);
    }
}

/// <summary>A container in podman's list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State">What podman calls its state.</param>
/// <param name="Pid">The process in it, be it alive or not.</param>
internal sealed record StoppingContainer(string Id, string State, int Pid);

/// <summary>JSON of podman's list of containers: names as podman writes them, unknown fields ignored.</summary>
[JsonSerializable(typeof(StoppingContainer[]))]
internal sealed partial class StopJson : JsonSerializerContext;
