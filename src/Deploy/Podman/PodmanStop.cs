using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Harmony.Fleet.Core.Fields;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Deploy.Processes;
using Harmony.Fleet.Ports.Containers;

namespace Harmony.Fleet.Deploy.Podman;

/// <summary>Stops what private podmans run; the containers stay, to be started again. Needs no running service.</summary>
public static class PodmanStop
{
    /// <summary>What podman itself may take beside the containers.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    /// <summary>Podman stops at least this many at the same time, whatever the machine: more of them are given to more calls of it.</summary>
    private const int OneCall = 4;

    private static readonly string[] Lively = ["running", "paused", "stopping"];

    /// <summary>So often one that ends by itself may slip through: podman tells only one that runs that it is not to be started again.</summary>
    private const int Rounds = 5;

    private static readonly TimeSpan UsualGrace = TimeSpan.FromSeconds(10);

    /// <summary>Stops every container of the podmans in <paramref name="folders"/>, all at the same time, and waits until they have ended.</summary>
    /// <param name="folders">The podmans' folders.</param>
    /// <param name="tell">Told what is going to be stopped, where something is, and what of it still runs each time that this changes.</param>
    /// <param name="hurry">When it is cancelled, those that have not ended yet are killed.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public static async Task<Outcome<Done>> StopAllAsync(
        ImmutableArray<string> folders, Func<StopForecast, Task> tell, CancellationToken hurry, CancellationToken cancellationToken)
    {
        var found = await Bounded.AllAsync(folders, folder => SettledAsync(folder, cancellationToken)).ConfigureAwait(false);

        // What one podman cannot tell is no reason to let those of the others run.
        var unknown = Array.Find(found, result => !result.IsOk).Fault;
        ImmutableArray<Running> running = [.. found.Where(result => result.IsOk).SelectMany(result => result.Value)];
        if (running.IsEmpty)
        {
            return unknown is null ? default(Done) : unknown;
        }

        var tally = new StopTally(tell, TimeProvider.System);
        ImmutableArray<IGrouping<PodmanCommand, Running>> groups = [.. running.GroupBy(container => container.Podman)];
        foreach (var group in groups)
        {
            Tell(tally, group.Key, group);
        }

        var stopped = await tally.WhileAsync(Task.WhenAll(groups.Select(group => StopAsync(group.Key, [.. group], tally, hurry, cancellationToken)))).ConfigureAwait(false);
        return (Array.Find(stopped, result => !result.IsOk).Fault ?? unknown) is { } failure ? failure : default(Done);
    }

    /// <summary>Lets go of what podman leaves in the background: for a user the process that holds its namespace, for root what <see cref="SettleAsync"/> clears away.</summary>
    /// <remarks>Containers that podman would start again, now that somebody looks after it, are stopped.</remarks>
    /// <returns>Null, or why something is still there.</returns>
    public static async Task<Fault?> ReleaseAsync(string folder)
    {
        var layout = PodmanLayout.For(folder);
        if (PodmanCommand.For(layout) is not { } podman)
        {
            return null;
        }

        if (!Environment.IsPrivilegedProcess)
        {
            await PodmanProcesses.EndServiceAsync(layout, TimeProvider.System).ConfigureAwait(false);
            return (await podman.RunAsync(["system", "migrate"], CancellationToken.None).ConfigureAwait(false)).Fault;
        }

        return !PodmanMounts.Of(layout).IsEmpty || await NetworkRemains.AreThereAsync(layout, CancellationToken.None).ConfigureAwait(false)
            ? await SettleAsync(layout, podman, isEnding: true, CancellationToken.None).ConfigureAwait(false)
            : null;
    }

    /// <summary>
    /// Puts right what was left by containers, or by podman itself, that were killed: containers that podman takes for alive, and, where none runs,
    /// mounts and what led to them from the host's network.
    /// </summary>
    /// <param name="layout">Whose.</param>
    /// <param name="podman">Its podman.</param>
    /// <param name="isEnding">Whether containers that are started again in the course of it are stopped, rather than left to run.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null, also where containers run; or why something is still there.</returns>
    internal static async Task<Fault?> SettleAsync(PodmanLayout layout, PodmanCommand podman, bool isEnding, CancellationToken cancellationToken)
    {
        var found = await SettledAsync(podman, cancellationToken).ConfigureAwait(false);
        if (found is not { IsOk: true, Value.IsEmpty: true })
        {
            return found.Fault;
        }

        // Podman itself first, so that it knows of it; those that it was to start again when it was killed it starts now. What it
        // says of those that were killed is of no interest, only whether something is left.
        await podman.RunAsync(["container", "cleanup", "--all"], cancellationToken).ConfigureAwait(false);
        var risen = await SettledAsync(podman, cancellationToken).ConfigureAwait(false);
        if (isEnding && risen is { IsOk: true, Value.IsEmpty: false })
        {
            using var hurry = new CancellationTokenSource(UsualGrace);
            if (await StopAsync(podman, risen.Value, tally: null, hurry.Token, cancellationToken).ConfigureAwait(false) is { IsOk: false, Fault: var unstopped })
            {
                return unstopped;
            }

            risen = ImmutableArray<Running>.Empty;
        }

        if (risen is not { IsOk: true, Value.IsEmpty: true })
        {
            return risen.Fault;
        }

        var mounted = await PodmanMounts.UnmountAsync(layout, cancellationToken).ConfigureAwait(false);
        return await NetworkRemains.ClearAsync(layout, cancellationToken).ConfigureAwait(false) ?? mounted;
    }

    /// <summary>The containers that run, are paused, or are being stopped or started again, once podman has heard of those that have just ended.</summary>
    private static async Task<Outcome<ImmutableArray<Running>>> SettledAsync(PodmanCommand podman, CancellationToken cancellationToken)
    {
        var found = await RunningAsync(podman, cancellationToken).ConfigureAwait(false);
        if (found.IsOk && found.Value.Any(container => !container.IsLively))
        {
            await PodmanProcesses.EndedAsync([.. found.Value.Where(container => !container.IsLively).SelectMany(container => container.Watchers)], cancellationToken).ConfigureAwait(false);
            found = await RunningAsync(podman, cancellationToken).ConfigureAwait(false);
        }

        return await WithoutDeadAsync(podman, found, cancellationToken).ConfigureAwait(false);
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
        if (left.IsOk && left.Value.Where(container => container.IsDead).Select(container => container.Id).Intersect(dead).ToArray() is { Length: > 0 } forgotten)
        {
            await PodmanPurge.RemoveAsync(podman, forgotten, cancellationToken).ConfigureAwait(false);
            left = await RunningAsync(podman, cancellationToken).ConfigureAwait(false);
        }

        return left;
    }

    private static async Task<Outcome<ImmutableArray<Running>>> SettledAsync(string folder, CancellationToken cancellationToken) =>
        PodmanCommand.For(PodmanLayout.For(folder)) is { } podman ? await SettledAsync(podman, cancellationToken).ConfigureAwait(false) : ImmutableArray<Running>.Empty;

    /// <summary>The containers that run, are paused, or are being stopped, and those whose end podman is dealing with: it may start them again.</summary>
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
            var watchers = PodmanProcesses.WatchersOf([.. all.Select(container => container.Id)]);
            StoppingContainer[] running = [.. all.Where(container => IsLively(container) || watchers.Contains(container.Id))];
            var graces = await GracesAsync(podman, [.. running.Select(container => container.Id)], cancellationToken).ConfigureAwait(false);
            return running
                .Select(container => new Running(podman, container.Id, container.Name, container.Pid, graces.GetValueOrDefault(container.Id, UsualGrace)) { IsLively = IsLively(container), Watchers = [.. watchers[container.Id]] })
                .ToImmutableArray();
        }
        catch (JsonException unreadable)
        {
            return new Fault(FaultKind.Transient, $"podman's list of containers cannot be read: {JsonProblem.Of(unreadable)}");
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

    private static void Tell(StopTally? tally, PodmanCommand podman, IEnumerable<Running> containers) => tally?.Take(
        podman.Folder,
        containers.Select(container => ProcessIdentity.Of(container.Process) is { } process ? new StoppingProcess($"{container.Name} of {Path.GetFileName(Path.GetDirectoryName(podman.Folder))}", process, container.Grace) : null).OfType<StoppingProcess>());

    private static async Task<Outcome<Done>> StopAsync(PodmanCommand podman, ImmutableArray<Running> containers, StopTally? tally, CancellationToken hurry, CancellationToken cancellationToken)
    {
        for (var round = 1; ; round++)
        {
            var ended = await StopOnceAsync(podman, containers, hurry, cancellationToken).ConfigureAwait(false);

            // What podman says of one that was killed meanwhile is of no interest, only whether one is left.
            var left = await SettledAsync(podman, cancellationToken).ConfigureAwait(false);
            if (!left.IsOk)
            {
                return left.Fault;
            }

            if (left.Value.IsEmpty)
            {
                return default(Done);
            }

            if (round > Rounds)
            {
                return ended ?? new Fault(FaultKind.Transient, $"{left.Value.Length} still run");
            }

            if (round == Rounds && ended is null)
            {
                // They end again and again, each time before they can be told. The agent makes them anew.
                await PodmanPurge.RemoveAsync(podman, [.. left.Value.Select(container => container.Id)], cancellationToken).ConfigureAwait(false);
            }

            containers = left.Value;
            Tell(tally, podman, containers);
        }
    }

    /// <returns>Null, or what podman said.</returns>
    private static async Task<Fault?> StopOnceAsync(PodmanCommand podman, ImmutableArray<Running> containers, CancellationToken hurry, CancellationToken cancellationToken)
    {
        // One that is paused hears no signal.
        await podman.RunAsync(["unpause", "--all"], cancellationToken).ConfigureAwait(false);
        var stopping = Task.WhenAll(containers.Chunk(OneCall).Select(part => StopAsync(podman, part, cancellationToken)));
        await Task.WhenAny(stopping, Task.Delay(Timeout.Infinite, hurry)).ConfigureAwait(false);
        if (!stopping.IsCompleted)
        {
            await podman.RunAsync(["kill", .. containers.Select(container => container.Id)], cancellationToken).ConfigureAwait(false);
        }

        return Array.Find(await stopping.ConfigureAwait(false), result => !result.IsOk).Fault;
    }

    private static Task<Outcome<string>> StopAsync(PodmanCommand podman, Running[] containers, CancellationToken cancellationToken) =>
        podman.RunAsync(["stop", "--ignore", .. containers.Select(container => container.Id)], containers.Max(container => container.Grace) + Margin, cancellationToken);

    private static bool IsLively(StoppingContainer container) => Lively.Contains(container.State, StringComparer.OrdinalIgnoreCase);

    private sealed record Running(PodmanCommand Podman, string Id, string Name, int Process, TimeSpan Grace)
    {
        public required bool IsLively { get; init; }

        public required ImmutableArray<ProcessIdentity> Watchers { get; init; }

        public bool IsDead => IsLively && Process > 0 && Watchers.IsEmpty && ProcessIdentity.Of(Process) is null;
    }
}

/// <summary>A container in podman's list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State">What podman calls its state.</param>
/// <param name="Pid">The process in it, be it alive or not.</param>
/// <param name="Names">Its names.</param>
internal sealed record StoppingContainer(string Id, string State, int Pid, string[]? Names)
{
    /// <summary>What people call it.</summary>
    public string Name => Names is [var first, ..] ? first : Id;
}

/// <summary>JSON of podman's list of containers: names as podman writes them, unknown fields ignored.</summary>
[JsonSerializable(typeof(StoppingContainer[]))]
internal sealed partial class StopJson : JsonSerializerContext;
