using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Devices;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using Harmony.Fleet.Core.Queues;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Core.Selectors;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Core.Engine;

/// <summary>All that the engine knows: each object once, the model of which is given what, and what is to be looked at. It has one owner.</summary>
internal sealed class FleetState
{
    private const int MaxFaultBytes = 256;

    public FleetState(EngineOptions options, MasterKey master, Random random)
    {
        (Options, Master, Random) = (options, master, random);
        Removals = new HeldRemovals(options.Removals);
        Reachability = new ReachabilityTracker(options.Reachability, Devices);
        Model = new FleetModel(Devices);
        (Finalizers, Statuses, IntentChecks) = (Queue<DeploymentKey>(), Queue<DeploymentKey>(), Queue<DeploymentKey>());
        (DeviceWrites, Leftovers, Manifests) = (Queue<DeviceId>(), Queue<DeviceId>(), Queue<DeviceId>());
        (ScorePuts, BucketChecks) = (Queue<Digest>(), Queue<long>());
    }

    public EngineOptions Options { get; }

    public MasterKey Master { get; }

    public Random Random { get; }

    /// <summary>The time of the present step.</summary>
    public DateTimeOffset Now { get; set; }

    /// <summary>The term of the present leadership; null before there is one.</summary>
    public long? Term { get; set; }

    public Dictionary<DeploymentKey, DeploymentEntry> Deployments { get; } = [];

    /// <summary>Deployments that are stored and cannot be read.</summary>
    public HashSet<DeploymentKey> Unreadable { get; } = [];

    /// <summary>Deployments that manifests name and the store does not hold, with the uids by which they do.</summary>
    public Dictionary<DeploymentKey, HashSet<string>> Suspects { get; } = [];

    /// <summary>Deployments that are there, with the other uids by which manifests name them: the store is asked whether these were removed.</summary>
    public Dictionary<DeploymentKey, HashSet<string>> Doubts { get; } = [];

    /// <summary>The Deployments that are known to have been removed by intent.</summary>
    public KnownRemovals Removed { get; } = new();

    /// <summary>Of which Deployment a uid is, as the store has it: one for each of <see cref="Deployments"/>. What authentic manifests name and the store does not hold, <see cref="Frozen"/> knows.</summary>
    public Dictionary<string, DeploymentKey> Owners { get; } = new(StringComparer.Ordinal);

    /// <summary>Deployments that the store has lost: they stay on the devices until somebody decides.</summary>
    public ImmutableDictionary<DeploymentKey, LostDeployment> Lost { get; set; } = ImmutableDictionary<DeploymentKey, LostDeployment>.Empty;

    public DeviceEntries Devices { get; } = new();

    /// <summary>Labels that many devices have, once.</summary>
    public RecentValues<LabelSet> LabelSets { get; } = new();

    /// <summary>Tells whether what is known of a device is what it was.</summary>
    public DevicePrints Prints { get; } = new();

    /// <summary>Texts that many devices say, once.</summary>
    public RecentValues<string> Texts { get; } = new();

    public Dictionary<Digest, ScoreEntry> Scores { get; } = [];

    public FleetModel Model { get; }

    public FrozenEntries Frozen { get; } = new();

    public HeldRemovals Removals { get; }

    public ReachabilityTracker Reachability { get; }

    /// <summary>Deployments that are to leave the manifests, once all that is theirs has been passed on.</summary>
    public HashSet<DeploymentKey> Leaving { get; } = [];

    public WorkQueue<DeploymentKey> Finalizers { get; }

    public WorkQueue<DeploymentKey> Statuses { get; }

    /// <summary>Deployments of which the store is asked whether they were removed.</summary>
    public WorkQueue<DeploymentKey> IntentChecks { get; }

    public WorkQueue<DeviceId> DeviceWrites { get; }

    /// <summary>Devices that fell silent, of which the store is not told while the operator does not hear.</summary>
    public HashSet<DeviceId> SilentUntold { get; } = [];

    /// <summary>When the store is to know how far devices were heard, at the latest.</summary>
    public DeviceTimers ProgressTimers { get; } = new();

    /// <summary>Devices that are being deleted, or are gone, and may have something on the bus.</summary>
    public WorkQueue<DeviceId> Leftovers { get; }

    public WorkQueue<DeviceId> Manifests { get; }

    public WorkQueue<Digest> ScorePuts { get; }

    /// <summary>Numbers of connections for which the buckets are to be verified.</summary>
    public WorkQueue<long> BucketChecks { get; }

    public bool AreDeploymentsListed { get; set; }

    public bool AreDevicesListed { get; set; }

    /// <summary>Whether the link is up and the buckets stand as they should.</summary>
    public bool AreBucketsReady { get; set; }

    /// <summary>The buckets whose values are known as they are.</summary>
    public HashSet<WatchedBucket> CaughtUp { get; } = [];

    /// <summary>The buckets that are read anew beside the watch, whose values come again.</summary>
    public HashSet<WatchedBucket> Resyncing { get; } = [];

    /// <summary>The number of the present watch of what devices report, from 1: each that begins again has the next one, and after the largest the first.</summary>
    public ushort ReportWatch { get; private set; } = 1;

    /// <summary>Until when what is known of stored manifests is of the connection before: the watch of them has not begun again.</summary>
    public DateTimeOffset ManifestsDoubtedUntil { get; set; }

    /// <summary>Whether all is known that must be known before anything is written to the bus, or removed from it.</summary>
    public bool KnowsAll => Term is not null && AreDeploymentsListed && AreDevicesListed && AreBucketsReady && Now >= ManifestsDoubtedUntil
        && CaughtUp.Contains(WatchedBucket.DesiredState) && CaughtUp.Contains(WatchedBucket.DeviceState)
        && (HasKnownAll || CaughtUp.Contains(WatchedBucket.DeviceInfo)); // By labels of before a manifest that is right would be changed.

    /// <summary>The devices whose stored manifest is not known to be the one that is wanted.</summary>
    public int Unsettled { get; set; }

    /// <summary>The devices that are given no manifest before they report.</summary>
    public HashSet<DeviceId> Awaiting { get; } = [];

    /// <summary>Those of them that have a manifest, which was found and names what is held in an older version.</summary>
    public HashSet<DeviceId> AwaitingOlder { get; } = [];

    /// <summary>Whether all was known once: counts before that are of a part.</summary>
    public bool HasKnownAll { get; set; }

    /// <summary>Whether all manifests were as wanted once since all is known.</summary>
    public bool HasRecovered { get; set; }

    /// <summary>What the present step wants done.</summary>
    public List<FleetEffect> Effects { get; } = [];

    /// <summary>What people are told of the present step.</summary>
    public List<FleetNotice> Notices { get; } = [];

    /// <summary>Whether what comes of a bucket was said just now; otherwise it may have lain there.</summary>
    public bool IsLive(WatchedBucket bucket) => CaughtUp.Contains(bucket) && !Resyncing.Contains(bucket);

    /// <summary>The watch of what devices report begins again: what was heard before is not live any more.</summary>
    public void BeginReportWatch() => ReportWatch = ReportWatch == ushort.MaxValue ? (ushort)1 : (ushort)(ReportWatch + 1);

    public void Tell(FleetNotice notice) => Notices.Add(notice);

    /// <summary>One poisoned object or message must not stop the fleet: it is told, and the rest goes on.</summary>
    /// <param name="subject">Over what.</param>
    /// <param name="action">What may throw.</param>
    /// <param name="mark">Told what was thrown, or null where all went well.</param>
    /// <returns>Whether all went well.</returns>
    public bool Guard(string subject, Action action, Action<string?>? mark = null)
    {
        string? thrown = null;
        try
        {
            action();
        }
        catch (Exception error)
        {
            Tell(new FleetNotice.Poisoned(subject, error));
            thrown = ErrorText.Cut($"{error.GetType().Name}: {error.Message}", MaxFaultBytes);
        }

        mark?.Invoke(thrown);
        return thrown is null;
    }

    /// <summary>Some work on a deployment went well, or not.</summary>
    public void Mark(DeploymentKey key, string work, string? thrown)
    {
        if (Deployments.TryGetValue(key, out var entry) && Next(entry.Fault, work, thrown) is var next && next != entry.Fault)
        {
            entry.Fault = next;
            Statuses.Add(key);
        }
    }

    /// <summary>Some work on a device went well, or not.</summary>
    public void Mark(DeviceId id, string work, string? thrown)
    {
        if (Devices.TryGetValue(id, out var entry) && Next(entry.Trouble.Fault, work, thrown) is var next && next != entry.Trouble.Fault)
        {
            entry.Suffer(entry.Trouble with { Fault = next });
            DeviceWrites.Add(id);
        }
    }

    private static ReconcileFault? Next(ReconcileFault? present, string work, string? thrown) =>
        thrown is not null ? new ReconcileFault(work, thrown) : present?.Work == work ? null : present;

    private WorkQueue<T> Queue<T>()
        where T : notnull => new(Options.BackOff, Random);
}
