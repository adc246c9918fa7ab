using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Core.Devices;

/// <summary>
/// What of a device's documents is news: of each kind only what is newer than all that was taken of it, and nothing of a start before the newest. A device that
/// never counted its starts is taken at its word; one that did is not heard without a count any more.
/// </summary>
public struct DocumentNews
{
    private long boot;
    private long info;
    private long report;
    private long beat;
    private bool hasInfo;
    private bool hasReport;
    private bool hasBeat;
    private bool isUnstored;
    private Aside? aside;

    /// <summary>How far the device was heard; null while it counts nothing.</summary>
    public readonly DeviceProgress? Progress => boot == 0 ? null : new(boot, info, report);

    /// <summary>Whether an info was taken that is not older than all that is remembered.</summary>
    public readonly bool HasInfo => hasInfo;

    /// <summary>Whether a report was.</summary>
    public readonly bool HasReport => hasReport;

    /// <summary>Whether the store remembers less than was heard.</summary>
    public readonly bool IsUnstored => isUnstored;

    /// <summary>What was heard before, as the store remembers it: what was taken and is older is not taken any more.</summary>
    public void Remember(DeviceProgress? stored)
    {
        Raise(stored);
        isUnstored = stored != Progress;
    }

    /// <summary>Takes an info, if it is news.</summary>
    public Newness TakeInfo(DocumentOrder order) => Take(order, ref info, ref hasInfo, isStored: true);

    /// <summary>Takes a report, if it is news.</summary>
    public Newness TakeReport(DocumentOrder order) => Take(order, ref report, ref hasReport, isStored: true);

    /// <summary>Takes a heartbeat, if it is news.</summary>
    public Newness TakeBeat(DocumentOrder order) => Take(order, ref beat, ref hasBeat, isStored: false);

    /// <summary>Whether old heartbeats go on, each later than the one before: whoever puts one again does not count, and another agent does.</summary>
    public bool GoesOnAside(DocumentOrder old)
    {
        var newest = aside?.Newest ?? default;
        var goesOn = old.Boot == newest.Boot && old.Sequence > newest.Sequence && newest.IsKnown;
        aside = old > newest ? new Aside(old) : aside;
        return goesOn;
    }

    private void Raise(DeviceProgress? stored)
    {
        if (stored is null || stored.Boot < boot)
        {
            return;
        }

        if (stored.Boot > boot)
        {
            (boot, info, report, beat) = (stored.Boot, 0, 0, 0);
            (hasInfo, hasReport, hasBeat) = (false, false, false);
        }

        (hasInfo, hasReport) = (hasInfo && stored.Info <= info, hasReport && stored.Report <= report);
        (info, report) = (Math.Max(info, stored.Info), Math.Max(report, stored.Report));
    }

    private Newness Take(DocumentOrder order, ref long known, ref bool has, bool isStored)
    {
        if (!order.IsValid || order.Boot < boot)
        {
            return Newness.Old;
        }

        if (order.Boot > boot)
        {
            (boot, info, report, beat, isUnstored) = (order.Boot, 0, 0, 0, true);
        }
        else if (order.IsKnown && (order.Sequence < known || (order.Sequence == known && has)))
        {
            return order.Sequence < known ? Newness.Old : Newness.Known;
        }

        isUnstored |= isStored && boot != 0 && order.Sequence != known;
        (known, has) = (order.Sequence, true);
        return Newness.News;
    }

    /// <summary>The newest of the old heartbeats; few devices have one.</summary>
    private sealed class Aside(DocumentOrder newest)
    {
        public DocumentOrder Newest { get; } = newest;
    }
}

/// <summary>What a document is to one who heard others of its kind.</summary>
public enum Newness
{
    /// <summary>Newer than all others.</summary>
    News,

    /// <summary>The newest of them, again.</summary>
    Known,

    /// <summary>Older than another one.</summary>
    Old,
}
