using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Aggregation;
using Harmony.Fleet.Core.Conditions;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Devices;
using Harmony.Fleet.Core.Resources;
using Harmony.Fleet.Core.Selectors;
using Harmony.Fleet.Core.Validation;
using Harmony.Fleet.Operator.Control.Desired;
using Harmony.Fleet.Operator.Control.Work;
using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Operator.Control.Devices;

/// <summary>The devices: their resources, what they say, and whether they are reachable.</summary>
internal sealed partial class DeviceBook
{
    private readonly FleetModel model;
    private readonly ManifestBook manifests;
    private readonly DeviceContacts contacts;
    private readonly DeviceResources resources;
    private readonly AnswerCount answers;
    private readonly LoopContext loop;
    private readonly ILogger logger;
    private readonly ReachabilityTracker reachability;
    private readonly Dictionary<DeviceId, DeviceRecord> records = [];
    private DateTimeOffset nextLook;
    private bool wasHolding;

    public DeviceBook(
        FleetModel model, ManifestBook manifests, DeviceContacts contacts, DeviceResources resources, AnswerCount answers, LoopContext loop, ILogger<DeviceBook> logger)
    {
        (this.model, this.manifests, this.contacts, this.resources, this.answers, this.loop, this.logger) =
            (model, manifests, contacts, resources, answers, loop, logger);
        reachability = new ReachabilityTracker(loop.Options.Reachability);
    }

    /// <summary>Whether all have been listed once.</summary>
    public bool IsListed { get; private set; }

    /// <summary>All Devices, as they are.</summary>
    /// <param name="all">They.</param>
    /// <param name="unreadable">Those that are there too, and could not be read: what is known of them stays.</param>
    /// <param name="began">The answers that had come when the list began: a device that a later one made need not be on it.</param>
    public void List(IReadOnlyCollection<Device> all, IReadOnlyCollection<ResourceKey> unreadable, long began)
    {
        foreach (var resource in all)
        {
            See(resource);
        }

        var names = all.Select(resource => resource.Metadata.Name).Concat(unreadable.Select(key => key.Name));
        var ids = names.Select(name => DeviceId.TryParse(name, out var id) ? id : default).ToHashSet();
        foreach (var (id, _) in records.Where(record => record.Value.Resource is not null && record.Value.Answer <= began && !ids.Contains(record.Key)).ToArray())
        {
            Forget(id);
        }

        IsListed = true;
    }

    /// <summary>A Device is there, or changed.</summary>
    public void See(Device resource)
    {
        if (!DeviceId.TryParse(resource.Metadata.Name, out var id))
        {
            LogUnusable(logger, resource.Metadata.Name);
            return;
        }

        var record = RecordOf(id);
        if (record.Resource?.Metadata is { } known && Told.IsOldNews(known, resource.Metadata))
        {
            return;
        }

        if (record.Resource is null)
        {
            LogAcquired(logger, id);
        }

        record.Resource = resource;
        Check(id, record);
        Project(id, record);
        var wasReachable = resource.Status?.Conditions.Of(ConditionTypes.Reachable)?.Status == ConditionStatus.True;
        reachability.Know(id, wasReachable || record.WasSeen, loop.Now);
        model.SetReachable(id, reachability.IsReachable(id));
        if (record.EarlyReport is { } report)
        {
            record.EarlyReport = null;
            Take(id, record, report);
        }

        resources.Touch(id);
    }

    /// <summary>A Device is gone.</summary>
    public void Gone(Device resource)
    {
        if (DeviceId.TryParse(resource.Metadata.Name, out var id) && records.TryGetValue(id, out var record) && record.Resource is not null)
        {
            Forget(id);
        }
    }

    /// <summary>A device said who it is.</summary>
    public void Hear(DeviceInfo info, DateTimeOffset at)
    {
        var record = RecordOf(info.Device);
        record.Info = info;
        contacts.Put(info);
        if (record.Resource is not null)
        {
            Project(info.Device, record);
        }

        Saw(info.Device, record, at);
        resources.Touch(info.Device);
    }

    /// <summary>A device said what stands on it.</summary>
    public void Hear(DeviceReport report, DateTimeOffset at)
    {
        var record = RecordOf(report.Device);
        if (report.Instance == record.Reported.Instance && report.Sequence < record.Reported.Sequence)
        {
            return;
        }

        record.Reported = (report.Instance, report.Sequence);
        Saw(report.Device, record, at);
        if (record.Resource is null)
        {
            record.EarlyReport = report;
        }
        else
        {
            Take(report.Device, record, report);
        }
    }

    /// <summary>A heartbeat.</summary>
    public void Hear(Heartbeat beat, DateTimeOffset at)
    {
        if (!records.TryGetValue(beat.Device, out var record) || !IsNews(beat, record.Beat))
        {
            return;
        }

        record.Beat = (beat.Instance, beat.UptimeSeconds, beat.At);
        if (record.Instances.Saw(beat.Instance, loop.Now))
        {
            LogDuplicate(logger, beat.Device, record.Instances.IsDuplicate);
            resources.Touch(beat.Device);
        }

        Saw(beat.Device, record, at);
    }

    /// <summary>Whether a device can be given a manifest that it would take.</summary>
    public void Stuck(DeviceId id, string? reason)
    {
        if (records.TryGetValue(id, out var record) && record.Stuck != reason)
        {
            record.Stuck = reason;
            resources.Touch(id);
        }
    }

    /// <summary>The number of deployments without a place changed on these.</summary>
    public void Overflow(IEnumerable<DeviceId> devices)
    {
        foreach (var id in devices.Where(records.ContainsKey))
        {
            records[id].Overflow = model.OverflowOf(id).Length;
            resources.Touch(id);
        }
    }

    /// <summary>The operator hears: silence counts from now on.</summary>
    public void HearAll() => reachability.Hear(loop.Now);

    /// <summary>The operator does not hear: silence says nothing.</summary>
    public void GoDeaf() => reachability.GoDeaf();

    /// <summary>Looks for devices that have fallen silent, thirty times an interval: that looks at all of them.</summary>
    public void Tick()
    {
        if (loop.Now < nextLook)
        {
            return;
        }

        nextLook = loop.Now + (loop.Options.Reachability.Interval / 30);
        foreach (var change in reachability.Tick(loop.Now))
        {
            LogUnreachable(logger, change.Device);
            model.SetReachable(change.Device, isReachable: false);
            resources.Touch(change.Device);
        }

        if (wasHolding != reachability.IsHolding)
        {
            wasHolding = reachability.IsHolding;
            LogHolding(logger, wasHolding);
        }
    }

    /// <summary>Begins what can be begun.</summary>
    public void Pump(CancellationToken cancellationToken) =>
        resources.Pump(id => records.TryGetValue(id, out var record) ? (record, reachability.IsReachable(id)) : null, SeeAnswer, cancellationToken);

    private void SeeAnswer(DeviceId id, Device resource)
    {
        var record = RecordOf(id);
        if (record.Resource?.Metadata.Uid != resource.Metadata.Uid)
        {
            record.Answer = answers.Next();
        }

        See(resource);
    }

    // A heartbeat that was put again later by somebody else is no sign of life. The device's clock may be set back, and its uptime never is.
    private static bool IsNews(Heartbeat beat, (string Instance, long UptimeSeconds, DateTimeOffset At) last) => beat.Instance != last.Instance
        || beat.UptimeSeconds > last.UptimeSeconds || (beat.UptimeSeconds == last.UptimeSeconds && beat.At > last.At);

    private DeviceRecord RecordOf(DeviceId id) =>
        records.TryGetValue(id, out var record) ? record : records[id] = new DeviceRecord(loop.Options.Reachability.Interval * 6);

    private void Check(DeviceId id, DeviceRecord record)
    {
        var (wasValid, errors) = (record.Errors.IsEmpty, DeviceValidator.Validate(record.Resource!));
        record.Errors = errors;
        if (wasValid && !errors.IsEmpty)
        {
            LogInvalid(logger, id, string.Join("; ", errors.Take(5)));
        }
    }

    private void Project(DeviceId id, DeviceRecord record)
    {
        record.Labels = LabelProjection.Project(id, record.Resource!.Spec.Labels, record.ReportedLabels);
        model.Upsert(id, LabelSet.Of(record.Labels.Labels));
    }

    private void Take(DeviceId id, DeviceRecord record, DeviceReport report)
    {
        var now = loop.Now;
        model.Report(id, report.Deployments.Where(item => item is not null).Select(item => ReportedDeployment.Of(id, item, now)));
        manifests.Hear(id, ReportedManifest.Of(report));
        if (record.Refusal != report.Refusal)
        {
            if (report.Refusal is { } refusal)
            {
                LogRefused(logger, id, refusal.Reason, refusal.Message);
            }

            record.Refusal = report.Refusal;
            resources.Touch(id);
        }
    }

    private void Saw(DeviceId id, DeviceRecord record, DateTimeOffset at)
    {
        var now = loop.Now;
        at = at < now ? at : now;
        record.LastSeen = record.LastSeen > at ? record.LastSeen : at;
        if (now - at > loop.Options.Reachability.Limit)
        {
            resources.Touch(id);
            return;
        }

        record.WasSeen = true;
        if (reachability.Saw(id, at))
        {
            LogReachable(logger, id);
            model.SetReachable(id, isReachable: true);
            resources.Touch(id);
        }
    }

    private void Forget(DeviceId id)
    {
        LogGone(logger, id);
        records.Remove(id);
        reachability.Forget(id);
        model.Remove(id);
        manifests.Forget(id);
        contacts.Forget(id);
        resources.Forget(id);
    }
}
