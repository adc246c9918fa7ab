using Harmony.Fleet.Cli.Devices;
using Harmony.Fleet.Cli.Hosting;
using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Cli.Parsing;
using Harmony.Fleet.Cli.Server;
using Harmony.Fleet.Contracts.Api;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Contracts.Scores;
using Harmony.Fleet.Core.Outcomes;

namespace Harmony.Fleet.Cli.Waiting;

/// <summary>
/// Waits for a deployment. It reads the one resource again and again, at growing intervals up to a second: that needs no state that a
/// lost connection or a restarted operator could make wrong, and while nobody answers it goes on, from the first look on.
/// Its time runs from when it was made: for all that it waits for together.
/// </summary>
internal sealed class DeploymentWait(CliHost host, FleetClient client)
{
    /// <summary>Slow enough that what is reached is seen within a tenth of the time that it took.</summary>
    private const double Growth = 1.1;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>Whatever time is given, a first look gets so long, and so does the closing sentence.</summary>
    private static readonly TimeSpan OneLook = TimeSpan.FromSeconds(3);

    private readonly long begin = host.Time.GetTimestamp();

    private string? told;

    /// <summary>Waits for <paramref name="goal"/>; says what happens on stderr.</summary>
    /// <returns>The deployment, null where it is gone; or that it was not reached in time, and what is missing.</returns>
    public async Task<Outcome<Deployment?>> RunAsync(string space, string name, WaitGoal goal, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var waited = await new WaitScreen(host).ShowAsync(
            "deployment", $"{space}/{name}", goal.ToString().ToLowerInvariant(), tell => PollAsync(space, name, goal, timeout, tell, cancellationToken));
        if (waited.Value is { } reached && Progress.IsHeld(reached))
        {
            host.Console.Say($"Deployment {space}/{name} waits for somebody: {Progress.Held(reached)}. Approve it with {ApproveLine(reached)}, or take the change back.");
        }

        return waited;
    }

    private async Task<Outcome<Deployment?>> PollAsync(
        string space, string name, WaitGoal goal, TimeSpan timeout, Action<string> tell, CancellationToken cancellationToken)
    {
        string? uid = null;
        told = null;
        Outcome<Deployment?> seen = default;
        for (var pause = FirstPause; ; pause = Shorter(pause * Growth, LongestPause))
        {
            var isFirst = uid is null && seen is { IsOk: true, Value: null };
            var now = await ReadAsync(space, name, isFirst ? Longer(Left(timeout), OneLook) : Left(timeout), cancellationToken);
            if (now.Fault?.Kind is not (null or FaultKind.TimedOut or FaultKind.Unreachable))
            {
                return goal == WaitGoal.Deleted && now.Fault.Reason == StatusReasons.NotFound ? default(Outcome<Deployment?>) : now.Fault;
            }

            // What was seen before says more than that there was no time for another look.
            seen = now.Fault?.Kind == FaultKind.TimedOut && !isFirst ? seen : now;
            if (now.Value is { } deployment)
            {
                if (goal == WaitGoal.Completed && NeverCompletes(deployment) is { } never)
                {
                    return never;
                }

                uid ??= deployment.Metadata.Uid;
                if (IsReached(deployment, uid, goal))
                {
                    return goal == WaitGoal.Deleted ? default(Outcome<Deployment?>) : deployment;
                }

                if (goal != WaitGoal.Deleted && WaitsForApproval(deployment))
                {
                    return Fault.Permanent($"deployment {space}/{name} waits for somebody: {Progress.Held(deployment)}", $"see and approve it with {ApproveLine(deployment)}, or take the change back");
                }
            }

            await TellAsync(seen, goal, tell, cancellationToken);
            var left = Left(timeout);
            if (left <= TimeSpan.Zero)
            {
                return await TimedOutAsync(space, name, goal, timeout, seen, cancellationToken);
            }

            await Task.Delay(Shorter(pause, left), host.Time, cancellationToken);
        }
    }

    private TimeSpan Left(TimeSpan timeout) => timeout - host.Time.GetElapsedTime(begin);

    private static TimeSpan Longer(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private static TimeSpan Shorter(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private static bool IsReached(Deployment deployment, string? uid, WaitGoal goal) => goal switch
    {
        WaitGoal.Converged => DeploymentState.IsConverged(deployment),
        WaitGoal.Completed => DeploymentState.IsCompleted(deployment),
        _ => !string.Equals(deployment.Metadata.Uid, uid, StringComparison.Ordinal),
    };

    private static Fault? NeverCompletes(Deployment deployment) => deployment.Spec.Score.PodmanV0?.RestartPolicy is null or RestartPolicy.Always
        ? Fault.Permanent($"deployment {deployment.Metadata.Namespace}/{deployment.Metadata.Name} never completes: its containers are always started again", "wait for converged, or give it the restart policy OnFailure or Never")
        : null;

    /// <summary>Whether nothing is left to wait for but that somebody approves a removal, which is held.</summary>
    private static bool WaitsForApproval(Deployment deployment) => Progress.IsHeld(deployment) && deployment.Status!.Aggregate is { Failed: 0, Pending: 0 };

    private string ApproveLine(Deployment deployment) => host.Line($"approve deployment {deployment.Metadata.Name}{FleetClient.NamespaceFlag(deployment.Metadata.Namespace)}");

    private static string Verb(WaitGoal goal) => goal switch
    {
        WaitGoal.Converged => "did not converge",
        WaitGoal.Completed => "did not complete",
        _ => "is not gone",
    };

    private static string Missing(Outcome<Deployment?> seen, WaitGoal goal) => seen switch
    {
        { IsOk: false } => seen.Fault.ToString(),
        { Value: { } deployment } when goal != WaitGoal.Deleted => Progress.Of(deployment),
        { Value.Metadata: { DeletionTimestamp: not null } metadata } => $"it is still held by {string.Join(", ", metadata.Finalizers)}",
        _ => "nobody has deleted it",
    };

    private async Task<Fault> TimedOutAsync(string space, string name, WaitGoal goal, TimeSpan timeout, Outcome<Deployment?> seen, CancellationToken cancellationToken) => new(
        FaultKind.TimedOut,
        $"deployment {space}/{name} {Verb(goal)} after {Duration.Text(timeout)}",
        Missing(seen, goal) + await DevicesAsync(seen, goal, cancellationToken));

    /// <summary>Which devices are missing, where any is.</summary>
    private async Task<string> DevicesAsync(Outcome<Deployment?> seen, WaitGoal goal, CancellationToken cancellationToken)
    {
        var isMissing = goal != WaitGoal.Deleted && seen.Value is { Status: { Aggregate: { } aggregate } status } deployment
            && status.ObservedGeneration == deployment.Metadata.Generation
            && (aggregate.Failed + aggregate.Pending > 0 || (goal == WaitGoal.Completed && aggregate.Completed < aggregate.Succeeded));
        var devices = isMissing
            ? await TimeLimit.WithinAsync(host.Time, OneLook, stop => new MissingDevices(client).OfAsync(seen.Value!, mustComplete: goal == WaitGoal.Completed, stop), string.Empty, cancellationToken)
            : string.Empty;
        return devices.Length == 0 ? string.Empty : $"; missing: {devices}";
    }

    private Task<Outcome<Deployment?>> ReadAsync(string space, string name, TimeSpan limit, CancellationToken cancellationToken) => TimeLimit.WithinAsync<Outcome<Deployment?>>(
        host.Time,
        limit,
        async stop =>
        {
            var fetched = await client.GetAsync(ResourceTypes.Deployments, space, name, stop);
            return fetched.IsOk ? fetched.Value.Resource : fetched.Fault;
        },
        ApiErrors.StillSilent(client.Server, client.StatusLine),
        cancellationToken);

    private async Task TellAsync(Outcome<Deployment?> seen, WaitGoal goal, Action<string> tell, CancellationToken cancellationToken)
    {
        // Told once, however often it breaks, is refused and is silent meanwhile.
        var what = seen.IsOk ? Missing(seen, goal) : string.Empty;
        if (!string.Equals(told, what, StringComparison.Ordinal))
        {
            told = what;
            tell(seen.IsOk ? what + await DevicesAsync(seen, goal, cancellationToken) : $"{seen.Fault.What}; it is asked again until the time is over");
        }
    }
}
