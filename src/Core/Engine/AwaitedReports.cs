using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Core.Engine;

/// <summary>The devices that are given no manifest before they report: what they hold is not known.</summary>
internal sealed class AwaitedReports(FleetState state, StandingReconciler standing)
{
    /// <summary>Nothing is known of what was ever written for it, though it has spoken before: what it holds it says itself when it comes.</summary>
    public static bool IsUnheard(DeviceEntry entry) =>
        entry.Ledger.IsEmpty && !entry.News.HasReport && (entry.HasInfo || entry.News.Progress is not null);

    /// <summary>Whether what is held on it runs there in a version that nobody here knows: it is given nothing until somebody decides about that.</summary>
    public bool RunsUnknown(DeviceId device, DeviceEntry entry, DeploymentKey? unknown)
    {
        if (entry.Trouble.Unknown != unknown)
        {
            entry.Suffer(entry.Trouble with { Unknown = unknown });
            state.DeviceWrites.Add(device);
        }

        return unknown is not null;
    }

    /// <summary>Whether it has to report first. Its report may also be as old as the manifest that was found, and then it is not given an older version meanwhile.</summary>
    public bool Awaits(DeviceId device, DeviceEntry entry)
    {
        var (before, older, isPast) = (entry.Trouble.Awaited, entry.HeardBy == 0 ? standing.OlderOn(device) : null, IsPast(device, entry));
        var awaited = older is null && !isPast && !IsUnheard(entry) ? null : new AwaitedReport(before?.Since ?? state.Now, older, isPast, before?.Since + AwaitedReport.Patience <= state.Now);
        if (awaited is { IsTold: false, Since: var since })
        {
            state.Manifests.AddAt(device, since + AwaitedReport.Patience);
        }

        if (awaited != before)
        {
            _ = awaited is null ? state.Awaiting.Remove(device) : state.Awaiting.Add(device);
            _ = older is null && !isPast ? state.AwaitingOlder.Remove(device) : state.AwaitingOlder.Add(device);
            if (isPast && before is null && !state.Standing.IsKnownOf(device) && entry.Ledger.Stored.Generation is { } generation)
            {
                state.Standing.Find(device, state.Model.EntriesOf(device), generation, isLost: false); // It names just what the device is given: what of that is deleted stays until it has reported.
            }

            entry.Suffer(entry.Trouble with { Awaited = awaited });
            if ((awaited ?? before)!.IsTold)
            {
                state.DeviceWrites.Add(device);
            }
        }

        return awaited is not null;
    }

    // All that was read of it is older than what it said before, by what the store knows: so may its manifest be, and nothing names what was held on it since.
    private bool IsPast(DeviceId device, DeviceEntry entry) =>
        state.HeldBefore.Count > 0 && entry is { HeardBy: 0, News: { HasReport: false, Progress.Report: > 0 } }
        && state.HeldBefore.Any(key => state.Deployments.TryGetValue(key, out var held) && held is { IsCarriedOut: true, IsDeleting: false } && !state.Model.IsMatched(device, key));
}
