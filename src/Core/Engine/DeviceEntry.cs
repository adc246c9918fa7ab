using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Devices;
using Harmony.Fleet.Core.Fields;

namespace Harmony.Fleet.Core.Engine;

/// <summary>A device as the engine holds it: its resource, if there is one yet, what it said since the engine began, and its manifest.</summary>
internal sealed class DeviceEntry(TimeSpan quiet)
{
    /// <summary>The resource as it was last seen; null while there is none.</summary>
    public Device? Resource { get; set; }

    /// <summary>Whether nothing of it is on the bus any more; said of one that is being deleted.</summary>
    public bool IsOffBus { get; set; }

    /// <summary>The number of the answer to a write that told of the resource; 0 where a list or a watch did.</summary>
    public long Answer { get; set; }

    /// <summary>Its newest info; null while it has sent none.</summary>
    public DeviceInfo? Info { get; set; }

    /// <summary>What is wrong with the resource; empty for nothing.</summary>
    public ImmutableArray<FieldError> Errors { get; set; } = [];

    /// <summary>What the engine failed at over it; null for nothing.</summary>
    public ReconcileFault? Fault { get; set; }

    /// <summary>Its labels, sorted out.</summary>
    public ProjectedLabels? Labels { get; set; }

    /// <summary>A report that came before the resource was there.</summary>
    public DeviceReport? EarlyReport { get; set; }

    /// <summary>Tells what it says now from what was said before.</summary>
    public DocumentNews News { get; } = new();

    /// <summary>An older document that came last, where none came since that is news; null for none.</summary>
    public DocumentOrder? Outdated { get; set; }

    /// <summary>When the store is to know how far it was heard, at the latest; null where it does.</summary>
    public DateTimeOffset? ProgressDue { get; set; }

    /// <summary>What it last did not take; null for nothing.</summary>
    public Refusal? Refusal { get; set; }

    /// <summary>Why it can be given no manifest that it would take; null where it can.</summary>
    public string? Stuck { get; set; }

    /// <summary>The deployments that have no place on it.</summary>
    public int Overflow { get; set; }

    /// <summary>When the newest sign of life was given of which the engine knows, however old; null while it knows of none.</summary>
    public DateTimeOffset? LastSeen { get; set; }

    /// <summary>Whether any sign of life came since the engine began.</summary>
    public bool WasSeen { get; set; }

    /// <summary>Notices a second agent with the same identity.</summary>
    public InstanceTracker Instances { get; } = new(quiet);

    /// <summary>Its manifest: what was issued, what is stored, what it holds; null while nothing was ever decided.</summary>
    public ManifestLedger? Ledger { get; set; }

    /// <summary>The ticket that its manifest got when it was last found to be looked at; 0 when what is stored is what is wanted.</summary>
    public long Ticket { get; set; }

    /// <summary>The number of the watch that last showed its manifest.</summary>
    public int ShownBy { get; set; }

    /// <summary>Whether deletion was asked for.</summary>
    public bool IsDeleting => Resource?.Metadata.DeletionTimestamp is not null;

    /// <summary>Whether the control plane's finalizer is on it.</summary>
    public bool HasFinalizer => Resource?.Metadata.Finalizers.Contains(ApiGroup.BusFinalizer, StringComparer.Ordinal) == true;

    /// <summary>What it reports of its labels: what it said, or what is known from before.</summary>
    public IEnumerable<KeyValuePair<string, string>> ReportedLabels =>
        Info?.Labels ?? Resource?.Status?.ReportedLabels ?? ImmutableSortedDictionary<string, string>.Empty;
}
