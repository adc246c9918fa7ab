using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Core.Engine;

/// <summary>The devices that are given no manifest before they report: what they hold is not known.</summary>
internal sealed class AwaitedReports(FleetState state, RemovalReconciler removals)
{
    /// <summary>Nothing is known of what was ever written for it, though it has spoken before: what it holds it says itself when it comes.</summary>
    public static bool IsUnheard(DeviceEntry entry) =>
        entry.Ledger.IsEmpty && !entry.News.HasReport && (entry.HasInfo || entry.News.Progress is not null);

    /// <summary>Whether what is held on it runs there in a version that nobody here knows: it is given nothing until somebody decides about that.</summary>
    public bool RunsUnknown(DeviceId device, DeviceEntry entry)
    {
        var unknown = removals.UnknownOn(device);
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
        var (before, older) = (entry.Trouble.Awaited, entry.HeardBy == 0 ? removals.OlderOn(device) : null);
        var awaited = older is null && !IsUnheard(entry) ? null : new AwaitedReport(before?.Since ?? state.Now, older, before?.Since + AwaitedReport.Patience <= state.Now);
        if (awaited is { IsTold: false, Since: var since })
        {
            state.Manifests.AddAt(device, since + AwaitedReport.Patience);
        }

        if (awaited != before)
        {
            _ = awaited is null ? state.Awaiting.Remove(device) : state.Awaiting.Add(device);
            _ = older is null ? state.AwaitingOlder.Remove(device) : state.AwaitingOlder.Add(device);
            entry.Suffer(entry.Trouble with { Awaited = awaited });
            if ((awaited ?? before)!.IsTold)
            {
                state.DeviceWrites.Add(device);
            }
        }

        return awaited is not null;
    }
}
