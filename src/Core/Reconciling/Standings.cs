using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Containers;

namespace Harmony.Fleet.Core.Reconciling;

/// <summary>Measures containers by their restart policy.</summary>
public static class Standings
{
    /// <summary>
    /// A container that ended is left alone for so long. Podman starts it again itself, by the same policy, and counts that. And a start
    /// between the two halves of a removal by somebody else (podman 4 lets go of its lock in between) loses the container: it runs on, and
    /// nobody knows it any more.
    /// </summary>
    public static readonly TimeSpan EndingTime = TimeSpan.FromSeconds(5);

    /// <summary>How <paramref name="container"/> stands under <paramref name="policy"/>.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="container">The container.</param>
    /// <param name="now">The device's clock.</param>
    public static Standing Of(RestartPolicy policy, ObservedContainer container, DateTimeOffset now) => container.State switch
    {
        ContainerState.Running => Standing.Up,
        ContainerState.Created => Standing.Startable,
        ContainerState.Paused => Standing.Paused,
        ContainerState.Exited => Ended(policy, container.ExitCode) is var ended && ended == Standing.Startable && EndingFor(container, now) > TimeSpan.Zero
            ? Standing.Ending
            : ended,
        _ => Standing.Unclear,
    };

    /// <summary>How long <paramref name="container"/> is still left alone after its end; zero for one that did not end just now. A clock that was set back says nothing.</summary>
    public static TimeSpan EndingFor(ObservedContainer container, DateTimeOffset now) =>
        container is { State: ContainerState.Exited, FinishedAt: { } finished } && now >= finished && now - finished < EndingTime
            ? EndingTime - (now - finished)
            : TimeSpan.Zero;

    private static Standing Ended(RestartPolicy policy, int? exitCode) => (policy, exitCode) switch
    {
        (RestartPolicy.OnFailure or RestartPolicy.Never, 0) => Standing.Done,
        (RestartPolicy.Never, _) => Standing.Broken,
        _ => Standing.Startable,
    };
}

/// <summary>How a container stands, measured by its restart policy.</summary>
public enum Standing
{
    /// <summary>It runs.</summary>
    Up,

    /// <summary>It ended with 0, as its policy allows.</summary>
    Done,

    /// <summary>It ended otherwise, and its policy does not want it started again.</summary>
    Broken,

    /// <summary>It should run and does not: it is to be started.</summary>
    Startable,

    /// <summary>It ended a moment ago: the runtime may be about to start it again, or somebody to remove it.</summary>
    Ending,

    /// <summary>Somebody paused it: only a new one brings it back.</summary>
    Paused,

    /// <summary>It is on its way, or in a state that says nothing: look again later.</summary>
    Unclear,
}
