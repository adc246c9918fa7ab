using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Aggregation;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Reconciling;

namespace Harmony.Fleet.Core.Engine;

/// <summary>A change of a selector, or of labels, that takes a deployment from a large part of its devices is held until somebody approves it.</summary>
internal sealed class RemovalReconciler(FleetState state)
{
    private const int MaxDevicesTold = 20;
    private const int MaxApprovalBytes = 64;

    /// <summary>Judges those anew of which more or fewer devices wait. Where one cannot be judged, nothing that somebody approved counts: what has to be held is.</summary>
    public void JudgeChanged()
    {
        foreach (var key in state.Removals.TakeChanged())
        {
            if (!state.Guard($"{key}", () => Judge(key), thrown => state.Mark(key, ReconcileFault.Judge, thrown)))
            {
                state.Guard($"{key}", () => JudgeUnapproved(key));
            }
        }
    }

    /// <summary>Judges a deployment anew.</summary>
    public void Judge(DeploymentKey key)
    {
        if (!state.Deployments.TryGetValue(key, out var entry))
        {
            return;
        }

        var (metadata, status) = (entry.Resource.Metadata, entry.Resource.Status);
        var facts = new RemovalFacts
        {
            Matched = state.Model.AggregateOf(key).MatchedDeviceCount,
            Generation = metadata.Generation,
            Approved = ApprovedRemoval.Of(metadata),
            LastHold = status?.RemovalHold ?? 0,
            IsFirst = !state.HasKnownAll || entry.IsHeldSinceBefore, // An earlier run of the operator left the condition; this one knows by itself what it holds.
            WasHeld = entry.IsHeldSinceBefore,
            IsSameGeneration = status?.ObservedGeneration == metadata.Generation,
        };
        if (state.Removals.Judge(key, facts, state.Now))
        {
            state.Statuses.Add(key);
        }
    }

    /// <summary>Judges a deployment anew of which it cannot be told what was approved.</summary>
    public void JudgeUnapproved(DeploymentKey key) =>
        state.Removals.Judge(key, new() { Matched = state.Model.AggregateOf(key).MatchedDeviceCount }, state.Now);

    /// <summary>All is known: what was approved of it and nothing waits for was carried out.</summary>
    public void EndApproved(DeploymentKey key, DeploymentEntry entry)
    {
        if (entry is { WasHeld: false, Resource: { Status.RemovalHold: > 0 and var hold, Metadata: var metadata } } && ApprovedRemoval.Of(metadata).Hold == hold)
        {
            state.Removals.End(key);
        }
    }

    /// <summary>That it is held; null where it is not.</summary>
    public HeldRemoval? HeldOf(DeploymentKey key)
    {
        var count = state.Removals.CountOf(key);
        if (count == 0)
        {
            return ToldBefore(key);
        }

        var (devices, matched) = (state.Removals.HeldOn(key, MaxDevicesTold), state.Model.AggregateOf(key).MatchedDeviceCount);
        var more = count > MaxDevicesTold ? $" and {count - MaxDevicesTold} more" : string.Empty;
        return new(count, new Condition
        {
            Type = ConditionTypes.RemovalHeld,
            Status = ConditionStatus.True,
            Reason = "ManyDevices",
            Message = $"It matches {matched} {(matched == 1 ? "device" : "devices")} now, and would be removed from {count} {(count == 1 ? "other" : "others")}: {string.Join(", ", devices)}{more}. "
                + "What stands there stays until somebody approves its removal (fleet approve deployment), or the change is taken back." + Refused(key),
        });
    }

    private HeldRemoval? ToldBefore(DeploymentKey key) =>
        state.Deployments.TryGetValue(key, out var entry) && entry is { IsHeldSinceBefore: true, IsDeleting: false, Resource.Status: { } status } && status.Conditions.Of(ConditionTypes.RemovalHeld) is { Status: ConditionStatus.True } told
            ? new(status.RemovalHeldCount, told)
            : null;

    private string Refused(DeploymentKey key) => state.Deployments.TryGetValue(key, out var entry) && entry.Fault is null && ApprovedRemoval.Unnumbered(entry.Resource.Metadata) is { } value
        ? $" The approval {ErrorText.Cut(value, MaxApprovalBytes)} counts for nothing: it does not say of which hold. Approve it with a fleet of this version, or as {entry.Resource.Metadata.Generation}/{state.Removals.CountOf(key)}/{state.Removals.HoldOf(key) ?? 0}."
        : string.Empty;
}
