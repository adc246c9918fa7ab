using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Devices;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Retries;
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

    /// <summary>Its manifest: what was issued, what is stored, what it holds.</summary>
    public ManifestLedger Ledger;

    /// <summary>How often its resource was written of late.</summary>
    public TokenBucket Writes;

    private AtHand? atHand;
    private Mark marks;
    private long progressDue;
    private long lastSeen;

    /// <summary>Whether there is a resource.</summary>
    public bool IsStored { get => Is(Mark.IsStored); private set => Put(Mark.IsStored, value); }

    /// <summary>Which version of it was last seen.</summary>
    public SeenVersion Seen { get; private set; }

    /// <summary>The resource as it was last seen, while it may have to be written; null where it is not at hand.</summary>
    public Device? Resource { get => atHand?.Resource; private set => Keep(value, Inventory, EarlyReport); }

    /// <summary>Of what is known of the device when its resource was last found to say it; none where it was not yet.</summary>
    public Fingerprint Settled { get; private set; }

    /// <summary>Whether deletion was asked for.</summary>
    public bool IsDeleting { get => Is(Mark.IsDeleting); private set => Put(Mark.IsDeleting, value); }

    /// <summary>Whether the control plane's finalizer is on it.</summary>
    public bool HasFinalizer { get => Is(Mark.HasFinalizer); private set => Put(Mark.HasFinalizer, value); }

    /// <summary>Whether nothing of it is on the bus any more; said of one that is being deleted.</summary>
    public bool IsOffBus { get => Is(Mark.IsOffBus); set => Put(Mark.IsOffBus, value); }

    /// <summary>Whether its resource came after all were listed: where there is a manifest of it already, the resource before was lost.</summary>
    public bool IsLate { get => Is(Mark.IsLate); set => Put(Mark.IsLate, value); }

    /// <summary>Whether anything is known to have been stored as its manifest since it is known.</summary>
    public bool IsManifestKnown { get => Is(Mark.IsManifestKnown); set => Put(Mark.IsManifestKnown, value); }

    /// <summary>Whether its resource was seen, and not all was done that this asks for: it failed midway.</summary>
    public bool IsUnfinished { get => Is(Mark.IsUnfinished); set => Put(Mark.IsUnfinished, value); }

    /// <summary>The number of the last answer to a write that told of a resource of which no list or watch had told before; 0 where none did.</summary>
    public long Answer { get; set; }

    /// <summary>The administrator's labels, but for those that nobody may set.</summary>
    public LabelSet Administrators { get; private set; } = LabelSet.Empty;

    /// <summary>What it reports of its labels and may report: what it said, or what is known from before.</summary>
    public LabelSet Reported { get; private set; } = LabelSet.Empty;

    /// <summary>Its labels as selectors see them, but for that which names it.</summary>
    public LabelSet Projected => Reported.With(Administrators);

    /// <summary>Whether it has said who it is.</summary>
    public bool HasInfo { get => Is(Mark.HasInfo); private set => Put(Mark.HasInfo, value); }

    /// <summary>The version of its agent: what it said, or what is known from before; empty where neither is there.</summary>
    public string AgentVersion { get; private set; } = string.Empty;

    /// <summary>Whether it is known how well it says to be: it has said it, or was well when it last did.</summary>
    public bool IsHealthKnown => HasInfo || !Is(Mark.WasUnhealthy);

    /// <summary>What it is made of, while that may have to be written; null where it is not at hand.</summary>
    public Inventory? Inventory { get => atHand?.Inventory; private set => Keep(Resource, value, EarlyReport); }

    /// <summary>Of what it is made of: what it said, or what its resource says once that was let go; none where neither is there.</summary>
    public Fingerprint InventoryPrint { get; private set; }

    /// <summary>A report that came before the resource was there.</summary>
    public DeviceReport? EarlyReport { get => atHand?.EarlyReport; set => Keep(Resource, Inventory, value); }

    /// <summary>What is not well with it.</summary>
    public DeviceTrouble Trouble { get; private set; } = DeviceTrouble.None;

    /// <summary>When the store is to know how far it was heard, at the latest; null where it does.</summary>
    public DateTimeOffset? ProgressDue { get => TimeOf(progressDue); set => progressDue = TicksOf(value); }

    /// <summary>When the newest sign of life was given of which the engine knows, however old, to the millisecond, as it is stored; null while it knows of none.</summary>
    public DateTimeOffset? LastSeen { get => TimeOf(lastSeen); set => lastSeen = TicksOf(value) / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond; }

    /// <summary>Whether any sign of life came since the engine began.</summary>
    public bool WasSeen { get => Is(Mark.WasSeen); set => Put(Mark.WasSeen, value); }

    /// <summary>Whether there is anything to be decided about its manifest: it is in the model, or was once, and is not being deleted.</summary>
    public bool HasLedger { get => Is(Mark.HasLedger); set => Put(Mark.HasLedger, value); }

    /// <summary>The ticket that its manifest got when it was last found to be looked at; 0 when what is stored is what is wanted.</summary>
    public long Ticket { get; set; }

    /// <summary>The number of the watch that last showed its manifest.</summary>
    public int ShownBy { get; set; }

    /// <summary>The number of the watch that heard last, once it had caught up, what stands on it, also where that was as before; 0 for none: what is known of it may be of an older copy of the bus.</summary>
    public ushort HeardBy { get; set; }

    /// <summary>Its resource is this.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="seen">Its version.</param>
    /// <param name="state">Where what is the same for many devices is kept once.</param>
    public void Hold(Device resource, SeenVersion seen, FleetState state)
    {
        (IsStored, Resource, Seen, Settled) = (true, resource, seen, Fingerprint.None);
        IsDeleting = resource.Metadata.DeletionTimestamp is not null;
        HasFinalizer = resource.Metadata.Finalizers.Contains(ApiGroup.BusFinalizer, StringComparer.Ordinal);
        Put(Mark.WasUnhealthy, resource.Status?.Conditions.Of(ConditionTypes.Unhealthy) is { Status: not ConditionStatus.False });
        var spec = LabelProjection.Administrators(resource.Spec.Labels);
        Administrators = state.LabelSets.Share(spec.Kept);
        Suffer(Trouble with { RejectedSpec = spec.Rejected });
        News.Remember(resource.Status?.Taken);
        EarlyReport = News.HasReport ? EarlyReport : null;
        if (!News.HasInfo)
        {
            (HasInfo, AgentVersion, Inventory) = (false, state.Texts.Share(resource.Status?.AgentVersion ?? string.Empty), null);
            Report(ReportedOf(resource), state.LabelSets);
            Suffer(Trouble with { HealthFlags = [] });
        }

        if (Inventory is null)
        {
            var stored = state.Prints.Of(resource.Spec.Inventory);
            if (HasInfo && stored != InventoryPrint)
            {
                state.Effects.Add(new FleetEffect.ReadAgain(Id)); // Somebody changed it by hand: what the device said is not at hand.
            }

            InventoryPrint = stored;
        }
    }

    /// <summary>It says this of itself.</summary>
    /// <param name="info">What it says.</param>
    /// <param name="state">Where what is the same for many devices is kept once.</param>
    public void Hear(DeviceInfo info, FleetState state)
    {
        (HasInfo, AgentVersion, Inventory, InventoryPrint) = (true, state.Texts.Share(info.AgentVersion), info.Inventory, state.Prints.Of(info.Inventory));
        Report(info.Labels, state.LabelSets);
        Suffer(Trouble with { HealthFlags = info.HealthFlags });
    }

    /// <summary>It says the same of itself again, from time to time.</summary>
    /// <param name="info">What it says.</param>
    /// <param name="state">Where prints are made.</param>
    /// <returns>Whether its resource says something else of what it is made of: somebody changed that by hand.</returns>
    public bool HearAgain(DeviceInfo info, FleetState state)
    {
        var print = state.Prints.Of(info.Inventory);
        if (print == InventoryPrint)
        {
            return false;
        }

        (Inventory, InventoryPrint) = (info.Inventory, print);
        return true;
    }

    private void Report(IEnumerable<KeyValuePair<string, string>> labels, RecentValues<LabelSet> sets)
    {
        var sifted = LabelProjection.Reported(labels);
        Reported = sets.Share(sifted.Kept);
        Suffer(Trouble with { RejectedReported = sifted.Rejected });
    }

    /// <summary>The store may say something else than what is known: it is read before the next write.</summary>
    public void Doubt() => (Resource, Settled) = (null, Fingerprint.None);

    /// <summary>The resource says all that is known.</summary>
    /// <param name="facts">Of what is known.</param>
    public void Settle(Fingerprint facts) => (Settled, Resource, Inventory) = (facts, null, null);

    /// <summary>This is not well with it.</summary>
    public void Suffer(DeviceTrouble trouble) => Trouble = trouble.IsNone ? DeviceTrouble.None : trouble;

    private void Keep(Device? resource, Inventory? inventory, DeviceReport? early) =>
        atHand = resource is null && inventory is null && early is null ? null : new AtHand(resource, inventory, early);

    // An operator that ended between making the Device and writing its status has written what was reported into its labels alone.
    private IEnumerable<KeyValuePair<string, string>> ReportedOf(Device resource) => resource.Status is { } status ? status.ReportedLabels
        : HasFinalizer ? resource.Metadata.Labels.Where(label => label.Key != ApiGroup.DeviceIdLabel && !resource.Spec.Labels.ContainsKey(label.Key))
        : [];

    private static DateTimeOffset? TimeOf(long ticks) => ticks == 0 ? null : new DateTimeOffset(ticks, TimeSpan.Zero);

    private static long TicksOf(DateTimeOffset? time) => time?.UtcTicks ?? 0;

    private bool Is(Mark mark) => (marks & mark) == mark;

    private void Put(Mark mark, bool isSet) => marks = isSet ? marks | mark : marks & ~mark;

    /// <summary>What is so of it: a bit each, for a fleet has a hundred thousand.</summary>
    [Flags]
    private enum Mark : ushort
    {
        IsStored = 1 << 0,
        IsDeleting = 1 << 1,
        HasFinalizer = 1 << 2,
        IsOffBus = 1 << 3,
        IsLate = 1 << 4,
        IsManifestKnown = 1 << 5,
        IsUnfinished = 1 << 6,
        HasInfo = 1 << 7,
        WasSeen = 1 << 8,
        HasLedger = 1 << 9,
        WasUnhealthy = 1 << 10,
    }

    /// <summary>What is large, and at hand only while it is needed.</summary>
    private sealed class AtHand(Device? resource, Inventory? inventory, DeviceReport? early)
    {
        public Device? Resource { get; } = resource;

        public Inventory? Inventory { get; } = inventory;

        public DeviceReport? EarlyReport { get; } = early;
    }
}
