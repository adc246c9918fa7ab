using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Devices;
using Harmony.Fleet.Core.Selectors;

namespace Harmony.Fleet.Core.Engine;

/// <summary>
/// A device as the engine holds it: what it must know of its resource, what it said since the engine began, and its manifest. A fleet has a hundred
/// thousand: the resource itself, and what it is made of, are held only while something of them may have to be written.
/// </summary>
internal sealed class DeviceEntry(DeviceId id) : DeviceNode(id)
{
    /// <summary>Tells what it says now from what was said before.</summary>
    public DocumentNews News;

    /// <summary>Notices a second agent with the same identity.</summary>
    public InstanceTracker Instances;

    private long progressDue;
    private long lastSeen;

    /// <summary>Whether there is a resource.</summary>
    public bool IsStored { get; private set; }

    /// <summary>Which version of it was last seen.</summary>
    public SeenVersion Seen { get; private set; }

    /// <summary>The resource as it was last seen, while it may have to be written; null where it is not at hand.</summary>
    public Device? Resource { get; private set; }

    /// <summary>Of what is known of the device when its resource was last found to say it; none where it was not yet.</summary>
    public Fingerprint Settled { get; private set; }

    /// <summary>Whether deletion was asked for.</summary>
    public bool IsDeleting { get; private set; }

    /// <summary>Whether the control plane's finalizer is on it.</summary>
    public bool HasFinalizer { get; private set; }

    /// <summary>Whether nothing of it is on the bus any more; said of one that is being deleted.</summary>
    public bool IsOffBus { get; set; }

    /// <summary>The number of the answer to a write that told of the resource; 0 where a list or a watch did.</summary>
    public long Answer { get; set; }

    /// <summary>The administrator's labels.</summary>
    public LabelSet Administrators { get; private set; } = LabelSet.Empty;

    /// <summary>What it reports of its labels: what it said, or what is known from before.</summary>
    public IEnumerable<KeyValuePair<string, string>> Reported { get; set; } = LabelSet.Empty;

    /// <summary>Whether it has said who it is.</summary>
    public bool HasInfo { get; private set; }

    /// <summary>The version of its agent; null while it has not said it.</summary>
    public string? AgentVersion { get; private set; }

    /// <summary>What it is made of, while that may have to be written; null where it is not at hand.</summary>
    public Inventory? Inventory { get; private set; }

    /// <summary>Of what it is made of; none where it is not known.</summary>
    public Fingerprint InventoryPrint { get; private set; }

    /// <summary>A report that came before the resource was there.</summary>
    public DeviceReport? EarlyReport { get; set; }

    /// <summary>What is not well with it.</summary>
    public DeviceTrouble Trouble { get; private set; } = DeviceTrouble.None;

    /// <summary>When the store is to know how far it was heard, at the latest; null where it does.</summary>
    public DateTimeOffset? ProgressDue { get => TimeOf(progressDue); set => progressDue = TicksOf(value); }

    /// <summary>When the newest sign of life was given of which the engine knows, however old; null while it knows of none.</summary>
    public DateTimeOffset? LastSeen { get => TimeOf(lastSeen); set => lastSeen = TicksOf(value); }

    /// <summary>Whether any sign of life came since the engine began.</summary>
    public bool WasSeen { get; set; }

    /// <summary>Its manifest: what was issued, what is stored, what it holds; null while nothing was ever decided.</summary>
    public ManifestLedger? Ledger { get; set; }

    /// <summary>The ticket that its manifest got when it was last found to be looked at; 0 when what is stored is what is wanted.</summary>
    public long Ticket { get; set; }

    /// <summary>The number of the watch that last showed its manifest.</summary>
    public int ShownBy { get; set; }

    /// <summary>Its resource is this.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="seen">Its version.</param>
    /// <param name="labels">Where the same labels are kept once.</param>
    public void Hold(Device resource, SeenVersion seen, RecentValues<LabelSet> labels)
    {
        (IsStored, Resource, Seen, Settled) = (true, resource, seen, Fingerprint.None);
        IsDeleting = resource.Metadata.DeletionTimestamp is not null;
        HasFinalizer = resource.Metadata.Finalizers.Contains(ApiGroup.BusFinalizer, StringComparer.Ordinal);
        Administrators = labels.Share(LabelSet.Of(resource.Spec.Labels));
        News.Remember(resource.Status?.Taken);
        EarlyReport = News.HasReport ? EarlyReport : null;
        if (!News.HasInfo)
        {
            (HasInfo, AgentVersion, Inventory, InventoryPrint) = (false, null, null, Fingerprint.None);
            Suffer(Trouble with { HealthFlags = [] });
            Reported = labels.Share(LabelSet.Of(ReportedOf(resource)));
        }
    }

    /// <summary>It says this of itself.</summary>
    /// <param name="info">What it says.</param>
    /// <param name="print">Of what it says that it is made of.</param>
    /// <param name="texts">Where the same texts are kept once.</param>
    public void Hear(DeviceInfo info, Fingerprint print, RecentValues<string> texts)
    {
        (HasInfo, AgentVersion, Inventory, InventoryPrint) = (true, texts.Share(info.AgentVersion), info.Inventory, print);
        Suffer(Trouble with { HealthFlags = info.HealthFlags });
        Reported = info.Labels;
    }

    /// <summary>The store may say something else than what is known: it is read before the next write.</summary>
    public void Doubt() => (Resource, Settled) = (null, Fingerprint.None);

    /// <summary>The resource says all that is known.</summary>
    /// <param name="facts">Of what is known.</param>
    /// <param name="isAsBuilt">Whether that is so of what it is made of too, which is told again from time to time.</param>
    public void Settle(Fingerprint facts, bool isAsBuilt)
    {
        (Settled, Resource, Inventory) = (facts, null, null);
        InventoryPrint = isAsBuilt ? InventoryPrint : Fingerprint.None;
    }

    /// <summary>This is not well with it.</summary>
    public void Suffer(DeviceTrouble trouble) => Trouble = trouble.IsNone ? DeviceTrouble.None : trouble;

    // An operator that ended between making the Device and writing its status has written what was reported into its labels alone.
    private IEnumerable<KeyValuePair<string, string>> ReportedOf(Device resource) => resource.Status is { } status ? status.ReportedLabels
        : HasFinalizer ? resource.Metadata.Labels.Where(label => label.Key != ApiGroup.DeviceIdLabel && !resource.Spec.Labels.ContainsKey(label.Key))
        : [];

    private static DateTimeOffset? TimeOf(long ticks) => ticks == 0 ? null : new DateTimeOffset(ticks, TimeSpan.Zero);

    private static long TicksOf(DateTimeOffset? time) => time?.UtcTicks ?? 0;
}
