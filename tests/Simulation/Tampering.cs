using System.Collections.Immutable;
using System.Text.Json;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Json;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;

namespace Harmony.Fleet.Tests.Simulation;

/// <summary>Stands between an engine and its world, and makes one thing wrong there. One for each life of an operator.</summary>
internal sealed class Tampering(PlantedBug bug, Random random)
{
    private readonly Dictionary<string, Deployment> first = [];
    private readonly Dictionary<DeploymentKey, Deployment> present = [];
    private readonly Dictionary<DeploymentKey, DeploymentAggregate> most = [];
    private readonly Dictionary<DeviceId, DeviceReport> older = [];
    private readonly HashSet<Digest> scores = [];
    private bool hasCaughtUp;
    private bool isListed;

    /// <summary>What the engine is told in place of what happened; null for nothing.</summary>
    public FleetEvent? Heard(FleetEvent happened) => happened switch
    {
        FleetEvent.DeploymentsListed all when bug == PlantedBug.AbsenceIsIntent && random.Next(3) == 0 => all with { Present = [.. all.Present.Skip(1)] },
        FleetEvent.DeploymentSeen seen => Seen(seen.Resource) is { } resource ? new FleetEvent.DeploymentSeen(resource) : null,
        FleetEvent.DeploymentGone when bug == PlantedBug.DeleteLost => null,
        FleetEvent.DevicesListed all when bug == PlantedBug.PartialDevices && random.Next(3) == 0 => all with { Present = [.. all.Present.Skip(1)] },
        FleetEvent.DevicesListed when bug == PlantedBug.DeviceDeleteLost && isListed => null,
        FleetEvent.DevicesListed when bug == PlantedBug.DeviceDeleteLost => Once(happened),
        FleetEvent.LinkChanged { IsUp: false } or FleetEvent.WatchRestarted { Bucket: WatchedBucket.DeviceHeartbeat } when bug == PlantedBug.DeafnessUnnoticed => null,
        FleetEvent.DeviceSeen seen when bug == PlantedBug.LabelsIgnored => new FleetEvent.DeviceSeen(Unlabelled(seen.Resource)),
        FleetEvent.DeviceGone when bug == PlantedBug.DeviceDeleteLost => null,
        FleetEvent.HeartbeatHeard when bug == PlantedBug.HeartbeatsIgnored => null,
        FleetEvent.InfoHeard heard when bug == PlantedBug.BootIgnored => heard with { Info = heard.Info with { Boot = 0 } },
        FleetEvent.ReportHeard heard when bug == PlantedBug.BootIgnored => heard with { Report = heard.Report with { Boot = 0 } },
        FleetEvent.HeartbeatHeard heard when bug == PlantedBug.BootIgnored => heard with { Beat = heard.Beat with { Boot = 0 } },
        FleetEvent.ReportHeard heard when bug == PlantedBug.ScoreMissingIgnored => heard with { Report = heard.Report with { Refusal = null } },
        FleetEvent.ReportHeard heard => Reported(heard),
        FleetEvent.Finished when bug == PlantedBug.AnswerLost && random.Next(50) == 0 => null,
        _ when bug == PlantedBug.ReassertionMissing => OnlyTheFirst(happened),
        _ => happened,
    };

    /// <summary>What is carried out in place of what the engine wants; null for nothing, and then it is told to be done.</summary>
    public FleetEffect? Wanted(FleetEffect effect) => (bug, effect) switch
    {
        (PlantedBug.RemovedDeviceForgotten, FleetEffect.DeleteKeys) => null,
        (PlantedBug.FinalizerTooEarly, FleetEffect.PatchDeploymentStatus { Resource.Metadata.DeletionTimestamp: not null } patch) =>
            new FleetEffect.PatchFinalizers(patch.Key, patch.Resource with { Metadata = patch.Resource.Metadata with { Finalizers = [] } }),
        (PlantedBug.FinalizerNever, FleetEffect.PatchFinalizers { Resource.Metadata.DeletionTimestamp: not null }) => null,
        (PlantedBug.FinalizerMissing, FleetEffect.PatchFinalizers { Resource.Metadata.DeletionTimestamp: null }) => null,
        (PlantedBug.CountersNotDecremented, FleetEffect.PatchDeploymentStatus patch) => Grown(patch),
        (PlantedBug.GenerationNotGrown, FleetEffect.PutManifest put) => At(put, new Generation(put.Step.Generation.Term, 1)),
        (PlantedBug.TermNotCarried, FleetEffect.PutManifest put) => At(put, new Generation(1, put.Step.Generation.Counter)),
        (PlantedBug.ScorePutOnce, FleetEffect.PutScore put) => scores.Add(put.Address) ? put : null,
        _ => effect,
    };

    /// <summary>What the engine is told of an effect.</summary>
    public EffectResult Told(FleetEffect effect, EffectResult result) => (bug, effect, result) switch
    {
        (PlantedBug.ConflictTakenForStored, FleetEffect.PutManifest put, EffectResult.ManifestPut { IsWritten: false, Known: { } known }) => Written(put, known.Revision),
        (PlantedBug.PurgedKeyUntold, FleetEffect.PutManifest { Step.Revision: > 0 }, EffectResult.ManifestPut { IsWritten: false, Known.Revision: 0 }) => new EffectResult.Failed(),
        (PlantedBug.FailureTakenForStored, FleetEffect.PutManifest put, EffectResult.Failed) => Written(put, put.Step.Revision + 1),
        (PlantedBug.AbsenceIsIntent, FleetEffect.FindRemoved find, _) => new EffectResult.RemovedFound(find.Uids),
        _ => result,
    };

    // The engine goes on with what it takes for its own.
    private static FleetEffect.PutManifest At(FleetEffect.PutManifest put, Generation generation)
    {
        var entries = JsonSerializer.Deserialize(put.Step.Bytes, ContractsJson.Bus.DeviceManifest)!.Entries;
        var bytes = ManifestDocument.Write(put.Device, generation, entries);
        return put with { Step = put.Step with { Generation = generation, Bytes = bytes, Digest = Digest.Of(bytes) } };
    }

    private static EffectResult.ManifestPut Written(FleetEffect.PutManifest put, ulong revision) =>
        new(new StoredManifest(revision, put.Step.Digest, put.Step.Generation), IsWritten: true, []);

    private static Device Unlabelled(Device device) => device with { Spec = device.Spec with { Labels = ImmutableSortedDictionary<string, string>.Empty } };

    private FleetEvent Once(FleetEvent listed)
    {
        isListed = true;
        return listed;
    }

    private Deployment? Seen(Deployment resource)
    {
        present[new DeploymentKey(NamespaceName.Parse(resource.Metadata.Namespace!), DeploymentName.Parse(resource.Metadata.Name))] = resource;
        var known = first.TryGetValue(resource.Metadata.Uid!, out var before) ? before : first[resource.Metadata.Uid!] = resource;
        return bug switch
        {
            PlantedBug.DeleteLost when resource.Metadata.DeletionTimestamp is not null => null,
            PlantedBug.OldSelector => resource with { Spec = resource.Spec with { TargetSelector = known.Spec.TargetSelector } },
            PlantedBug.OldScore => resource with { Spec = resource.Spec with { Score = known.Spec.Score } },
            _ => resource,
        };
    }

    private FleetEvent.ReportHeard? Reported(FleetEvent.ReportHeard heard)
    {
        var (report, before) = (heard.Report, older.GetValueOrDefault(heard.Report.Device));
        older[report.Device] = report;
        return bug switch
        {
            PlantedBug.ReportsLost when report.Device.Value == "dev-1" => null,
            PlantedBug.OldReportNews when before is not null && random.Next(2) == 0 => heard with { Report = before with { Instance = report.Instance, Boot = report.Boot, Sequence = report.Sequence } },
            PlantedBug.OldVersionCounted => heard with { Report = report with { Deployments = [.. report.Deployments.Select(AsPresent)] } },
            _ => heard,
        };
    }

    // Neither uid nor digest is looked at.
    private DeploymentReport AsPresent(DeploymentReport said) => present.TryGetValue(new DeploymentKey(said.Namespace, said.Name), out var resource)
        ? said with { Uid = resource.Metadata.Uid!, ScoreDigest = Invariants.ScoreOf(resource) } : said;

    private FleetEvent? OnlyTheFirst(FleetEvent happened)
    {
        var isOld = hasCaughtUp;
        hasCaughtUp |= happened is FleetEvent.WatchCaughtUp { Bucket: WatchedBucket.DesiredState };
        return isOld && happened is FleetEvent.ManifestSeen or FleetEvent.ManifestUnchanged or FleetEvent.WatchRestarted { Bucket: WatchedBucket.DesiredState }
            or FleetEvent.ResyncBegan { Bucket: WatchedBucket.DesiredState } ? null
            : isOld && happened is FleetEvent.WatchCaughtUp { Bucket: WatchedBucket.DesiredState } ? null : happened;
    }

    private FleetEffect.PatchDeploymentStatus Grown(FleetEffect.PatchDeploymentStatus patch)
    {
        var counts = patch.Resource.Status!.Aggregate;
        var before = most.GetValueOrDefault(patch.Key, counts);
        most[patch.Key] = counts with
        {
            MatchedDeviceCount = Math.Max(counts.MatchedDeviceCount, before.MatchedDeviceCount),
            Succeeded = Math.Max(counts.Succeeded, before.Succeeded),
        };
        return patch with { Resource = patch.Resource with { Status = patch.Resource.Status with { Aggregate = most[patch.Key] } } };
    }
}
