using System.Collections.Immutable;
using Harmony.Fleet.Agent.Timing;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Reconciling;

namespace Harmony.Fleet.Agent.Reconciling;

/// <summary>How far each deployment is. Signals a report when something changed.</summary>
internal sealed class DeploymentStatuses(AgentSignals signals, TimeProvider time)
{
    private readonly TaskCompletionSource complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private readonly SortedDictionary<DeploymentKey, DeploymentReport> reports = [];

    /// <summary>Ends when they speak of everything. Before that, what they leave out is not gone: it was not looked at yet.</summary>
    public Task Complete => complete.Task;

    /// <summary>All of it, by namespace and name.</summary>
    public ImmutableArray<DeploymentReport> Reports
    {
        get
        {
            lock (gate)
            {
                return [.. reports.Values];
            }
        }
    }

    /// <summary>Says how far a deployment is, and leaves what is known of its containers.</summary>
    public void Set(WorkSubject subject, PhaseVerdict verdict) => Set(subject, verdict, null);

    /// <summary>Says how far a deployment is and what stands for it.</summary>
    public void Set(WorkSubject subject, PhaseVerdict verdict, IEnumerable<ObservedContainer>? containers)
    {
        lock (gate)
        {
            var before = reports.GetValueOrDefault(subject.Key);
            var after = new DeploymentReport
            {
                Namespace = subject.Key.Namespace,
                Name = subject.Key.Name,
                Uid = subject.Uid,
                ScoreDigest = subject.ScoreDigest,
                Phase = verdict.Phase,
                Completed = verdict.IsCompleted,
                Since = IsSamePhase(before, subject, verdict) ? before!.Since : time.GetUtcNow(),
                Containers = containers is null ? before?.Containers ?? [] : [.. containers.Select(ContainerReports.Of)],
                LastError = verdict.Error,
            };
            if (before is null || !IsSame(before, after))
            {
                reports[subject.Key] = after;
                signals.Report.Set();
            }
        }
    }

    /// <summary>Everything was looked at once.</summary>
    public void IsComplete() => complete.TrySetResult();

    /// <summary>Forgets every deployment but <paramref name="keys"/>.</summary>
    public void Keep(HashSet<DeploymentKey> keys)
    {
        lock (gate)
        {
            foreach (var key in reports.Keys.Where(key => !keys.Contains(key)).ToArray())
            {
                reports.Remove(key);
                signals.Report.Set();
            }
        }
    }

    private static bool IsSamePhase(DeploymentReport? before, WorkSubject subject, PhaseVerdict verdict) =>
        before is not null && before.Phase == verdict.Phase && before.Completed == verdict.IsCompleted && before.Uid == subject.Uid && before.ScoreDigest == subject.ScoreDigest;

    private static bool IsSame(DeploymentReport before, DeploymentReport after) =>
        before with { Containers = [] } == after with { Containers = [] } && before.Containers.SequenceEqual(after.Containers);
}

/// <summary>What a report says of containers.</summary>
internal static class ContainerReports
{
    /// <summary>The report of <paramref name="container"/>.</summary>
    public static ContainerReport Of(ObservedContainer container) => new()
    {
        Name = container.Labels.GetValueOrDefault(ContainerLabels.Container) ?? container.Name,
        Id = container.Id,
        State = container.StateText,
        Restarts = container.Restarts,
        StartedAt = container.StartedAt,
        ExitCode = container.State == ContainerState.Exited ? container.ExitCode : null,
    };
}
