using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Core.Reconciling;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Reconciling;

/// <summary>Gives each deployment's part of a plan to a worker, unless one is at it, or it failed just now; and says how far each is.</summary>
internal sealed partial class Dispatcher(Workers workers, RetrySchedule retries, DeploymentStatuses statuses, ILogger<Dispatcher> logger)
{
    private readonly StubbornDrift stubborn = new();

    /// <summary>Takes what the workers have done. To be called before the containers are looked at.</summary>
    public void Reap()
    {
        foreach (var result in workers.Reap().Where(result => !result.IsCalledOff))
        {
            if (result.Fault is { } failure)
            {
                var error = ErrorText.Cut(result.FailedEffect is { } effect ? Words(effect, failure) : failure.ToString());
                if (retries.Note(result.Subject, error))
                {
                    LogFailed(result.Subject.Key, error);
                }
            }
            else
            {
                retries.Forget(result.Subject.Key);
                stubborn.Made(result.Subject.Key, result.Made);
            }
        }
    }

    private static string Words(Effect effect, Fault failure) => effect switch
    {
        // What names the image already need not name it again.
        Effect.EnsureImage image when failure.What.Contains(image.Reference, StringComparison.Ordinal) => failure.ToString(),
        Effect.EnsureImage image => $"Could not pull {image.Reference}: {failure}",
        _ => $"Could not {effect}: {failure}",
    };

    /// <summary>Carries a plan out, as far as it can be now.</summary>
    /// <returns>How long until something of it may be tried again, or until what just ended is no longer left alone; null when nothing waits.</returns>
    public TimeSpan? Dispatch(
        Plan plan, ImmutableArray<DesiredItem> desired, ILookup<DeploymentKey, ObservedContainer> standing, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var removals = plan.Deployments.Where(part => part.Kind == PlanKind.Remove).Select(part => part.Key).ToHashSet();
        var waits = plan.Deployments
            .Select(part => Dispatch(part, SubjectOf(part, desired, standing), removals, standing, cancellationToken))
            .OfType<TimeSpan>()
            .Concat(standing.SelectMany(group => group).Select(container => Standings.EndingFor(container, now)).Where(wait => wait > TimeSpan.Zero))
            .ToArray();
        var planned = plan.Deployments.Select(part => part.Key).ToHashSet();
        foreach (var item in desired.Where(item => !planned.Contains(item.Deployment.Key)))
        {
            Settle(item, standing[item.Deployment.Key], now);
        }

        var wanted = desired.Select(item => item.Deployment.Key).ToHashSet();
        foreach (var orphan in workers.Keys.Where(key => !wanted.Contains(key) && !planned.Contains(key)))
        {
            workers.CallOff(orphan); // Nothing of it stands, and nothing should: a pull that still runs, for one.
        }

        statuses.Keep([.. wanted, .. removals]);
        statuses.IsComplete();
        return waits.Length == 0 ? null : waits.Min();
    }

    /// <summary>Nothing can be told of the containers: nothing is said to run.</summary>
    public void Blind(ImmutableArray<DesiredItem> desired, string reason)
    {
        foreach (var item in desired)
        {
            statuses.Set(WorkSubject.Of(item.Deployment), item.Problem ?? Phases.Failed(reason));
        }

        statuses.IsComplete();
    }

    /// <summary>What made everything fail is over: all may be tried at once.</summary>
    public void Unblind() => retries.ForgetAll();

    /// <summary>Waits for the workers, which were all called off.</summary>
    public Task DrainAsync() => workers.DrainAsync();

    private static WorkSubject SubjectOf(DeploymentPlan part, ImmutableArray<DesiredItem> desired, ILookup<DeploymentKey, ObservedContainer> standing) =>
        desired.FirstOrDefault(item => item.Deployment.Key == part.Key) is { } item
            ? WorkSubject.Of(item.Deployment)
            : WorkSubject.Leftover(part.Key, [.. standing[part.Key]]);

    private TimeSpan? Dispatch(
        DeploymentPlan part, WorkSubject subject, HashSet<DeploymentKey> removals, ILookup<DeploymentKey, ObservedContainer> standing, CancellationToken cancellationToken)
    {
        if (workers.SubjectOf(part.Key) is { } busy)
        {
            if (busy != subject)
            {
                workers.CallOff(part.Key);
            }

            return null;
        }

        var wait = retries.WaitOf(subject);
        if ((stubborn.Refuse(subject, part) ?? (wait > TimeSpan.Zero ? retries.ErrorOf(subject) : null)) is { } error)
        {
            statuses.Set(subject, Phases.Failed(error), standing[part.Key]);
            return wait > TimeSpan.Zero ? wait : null;
        }

        if (part.After.Any(removals.Contains))
        {
            statuses.Set(subject, new PhaseVerdict(Phase.Pending, $"It waits for a port until {string.Join(", ", part.After)} is gone."), standing[part.Key]);
            return null;
        }

        Begin(part, subject, standing[part.Key], cancellationToken);
        return null;
    }

    private void Begin(DeploymentPlan part, WorkSubject subject, IEnumerable<ObservedContainer> containers, CancellationToken cancellationToken)
    {
        // A try that follows a failure stays Failed until it succeeds: a phase that turns back and forth tells nobody anything.
        var error = retries.ErrorOf(subject);
        statuses.Set(subject, error is null ? new PhaseVerdict(Phase.Pending, null) : Phases.Failed(error), containers);
        workers.Start(
            subject,
            part,
            effect =>
            {
                if (error is null)
                {
                    statuses.Set(subject, new PhaseVerdict(Phases.During(part, effect), null));
                }
            },
            cancellationToken);
    }

    /// <summary>Nothing is to be done for this one: it stands, or nothing can be done.</summary>
    private void Settle(DesiredItem item, IEnumerable<ObservedContainer> containers, DateTimeOffset now)
    {
        var subject = WorkSubject.Of(item.Deployment);
        if (workers.SubjectOf(subject.Key) is { } busy)
        {
            if (busy != subject)
            {
                workers.CallOff(subject.Key);
            }

            return;
        }

        retries.Forget(subject.Key);
        stubborn.Forget(subject.Key);
        var verdict = item.Problem ?? Phases.AtRest(item.Deployment.Containers!.Value, containers, now);
        statuses.Set(subject, verdict, containers);
    }
}
