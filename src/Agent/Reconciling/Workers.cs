using System.Collections.Immutable;
using Harmony.Fleet.Agent.Timing;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Outcomes;
using Harmony.Fleet.Core.Reconciling;
using Microsoft.Extensions.Logging;

namespace Harmony.Fleet.Agent.Reconciling;

/// <summary>
/// The plans that are being carried out, or wait for their turn: one a deployment at the most. Owned by the reconciler's loop, which
/// alone calls it.
/// </summary>
internal sealed partial class Workers(EffectRunner runner, AgentSignals signals, ILogger<Workers> logger)
{
    private readonly Dictionary<DeploymentKey, Work> works = [];

    /// <summary>The deployments that are being worked on.</summary>
    public ImmutableArray<DeploymentKey> Keys => [.. works.Keys];

    /// <summary>What is being worked on for a deployment; null when nothing is.</summary>
    public WorkSubject? SubjectOf(DeploymentKey key) => works.GetValueOrDefault(key)?.Subject;

    /// <summary>Begins a plan. Ends with a signal to reconcile.</summary>
    public void Start(WorkSubject subject, DeploymentPlan plan, Action<Effect> begins, CancellationToken cancellationToken)
    {
        LogBegins(plan);
        var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var result = Task.Run(() => RunAsync(subject, plan, begins, end.Token), CancellationToken.None);
        works.Add(subject.Key, new Work(subject, end, result));
        _ = SignalAfterAsync(result);
    }

    /// <summary>Calls the work for a deployment off: something else is wanted now.</summary>
    public void CallOff(DeploymentKey key)
    {
        if (works.TryGetValue(key, out var work))
        {
            work.End.Cancel();
        }
    }

    /// <summary>Takes what has ended.</summary>
    public ImmutableArray<WorkResult> Reap()
    {
        var ended = works.Values.Where(work => work.Result.IsCompleted).ToImmutableArray();
        foreach (var work in ended)
        {
            works.Remove(work.Subject.Key);
            work.End.Dispose();
        }

        return [.. ended.Select(work => work.Result.GetAwaiter().GetResult())];
    }

    /// <summary>Waits until all have ended; for the end of the program, when all were called off.</summary>
    public async Task DrainAsync()
    {
        await Task.WhenAll(works.Values.Select(work => work.Result));
        Reap();
    }

    private async Task<WorkResult> RunAsync(WorkSubject subject, DeploymentPlan plan, Action<Effect> begins, CancellationToken cancellationToken)
    {
        try
        {
            return await runner.RunAsync(subject, plan, begins, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new WorkResult(subject, null, null, []) { IsCalledOff = true };
        }
        catch (Exception error)
        {
            // A bug, and yet one deployment's bug does not stop the others: it fails, says so, and is tried again.
            LogBug(subject.Key, error);
            return new WorkResult(subject, null, new Fault(FaultKind.Transient, $"The agent broke while it worked on this: {error.Message}"), []);
        }
    }

    // Only once the work has ended: a loop that woke any sooner would find it busy, and would not be woken again.
    private async Task SignalAfterAsync(Task work)
    {
        await work;
        signals.Reconcile.Set();
    }

    private sealed record Work(WorkSubject Subject, CancellationTokenSource End, Task<WorkResult> Result);
}
