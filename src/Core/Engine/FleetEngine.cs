using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Core.Engine;

/// <summary>
/// Decides everything that the operator does: it is told what happened, and says what is to be done. It has no clock, starts nothing and waits
/// for nothing; the same events at the same times give the same effects. It has one owner.
/// </summary>
public sealed class FleetEngine
{
    private readonly FleetState state;
    private readonly BucketReconciler buckets;
    private readonly ScoreReconciler scores;
    private readonly IntentReconciler intent;
    private readonly RemovalReconciler removals;
    private readonly LeavingDeployments leaving;
    private readonly ManifestReconciler manifests;
    private readonly DeploymentReconciler deployments;
    private readonly DocumentReconciler documents;
    private readonly SilenceReconciler silence;
    private readonly DeviceReconciler devices;
    private readonly DeviceWriter deviceWriter;
    private readonly WorkDispatcher dispatcher;

    /// <summary>An engine that knows nothing yet.</summary>
    /// <param name="options">Times and bounds.</param>
    /// <param name="master">The control plane's secret, from which scores are sealed.</param>
    /// <param name="random">Chance, for jitter.</param>
    public FleetEngine(EngineOptions options, MasterKey master, Random random)
    {
        state = new FleetState(options, master, random);
        scores = new ScoreReconciler(state);
        buckets = new BucketReconciler(state, scores);
        intent = new IntentReconciler(state);
        removals = new RemovalReconciler(state);
        leaving = new LeavingDeployments(state);
        manifests = new ManifestReconciler(state, scores, intent, removals, leaving);
        deployments = new DeploymentReconciler(state, scores, intent, removals);
        documents = new DocumentReconciler(state, manifests);
        silence = new SilenceReconciler(state);
        devices = new DeviceReconciler(state, manifests, documents, leaving);
        deviceWriter = new DeviceWriter(state, devices);
        dispatcher = new WorkDispatcher(state, intent, buckets, scores, manifests, leaving, deployments, devices, deviceWriter);
    }

    /// <summary>Whether all is known that must be known before anything is written to the bus, or removed from it.</summary>
    public bool HasCaughtUp => state.KnowsAll;

    /// <summary>The deployments that devices run and the store has lost.</summary>
    public ImmutableDictionary<DeploymentKey, LostDeployment> Lost => state.Lost;

    /// <summary>How far it is.</summary>
    public FleetProgress Progress => FleetProgress.Of(state);

    /// <summary>What is known of each deployment that matches a device, in their order of placement; nothing for an unknown device.</summary>
    public ImmutableArray<DevicePair> PairsOf(DeviceId device) => DevicePair.Of(state, device);

    /// <summary>How many answers to writes of Devices have come: what a list of Devices is told when it begins.</summary>
    public long Answers => deviceWriter.Answers;

    /// <summary>How many objects could be looked at now, and wait for room or for the next step.</summary>
    public int Waiting => dispatcher.Waiting;

    /// <summary>Takes what happened, and says what is to be done.</summary>
    /// <param name="happened">What happened since the step before, in its order; nothing where only time has passed.</param>
    /// <param name="now">The time.</param>
    /// <param name="isMoreWaiting">Whether more has happened already, and waits for the next step.</param>
    public FleetStep Step(IReadOnlyList<FleetEvent> happened, DateTimeOffset now, bool isMoreWaiting = false)
    {
        (state.Now, state.Model.Room) = (now, state.Options.MaxVisits);
        foreach (var one in happened)
        {
            state.Guard(one.GetType().Name, () => Handle(one));
            Absorb();
        }

        state.Guard("time", () => Tick(isMoreWaiting));
        state.Guard("spread", state.Model.GoOn);
        if (!state.HasKnownAll && state.KnowsAll)
        {
            manifests.HearAll();
            Absorb();
            state.HasKnownAll = true;
            deployments.CountAll();
        }

        Absorb();
        var isAllTaken = dispatcher.Decide() && state.Model.SpreadCount == 0;
        state.HasRecovered = state.KnowsAll && (state.HasRecovered || state is { Unsettled: 0, Model.SpreadCount: 0 });
        var step = new FleetStep([.. state.Effects], [.. state.Notices], isAllTaken);
        state.Effects.Clear();
        state.Notices.Clear();
        return step;
    }

    private void Tick(bool isMoreWaiting)
    {
        silence.Tick(isMoreWaiting);
        deviceWriter.Tick();
        buckets.Tick();
    }

    private void Handle(FleetEvent happened)
    {
        switch (happened)
        {
            case FleetEvent.TermBegan began:
                state.Term = began.Term;
                break;
            case FleetEvent.LinkChanged link:
                Link(link);
                break;
            case FleetEvent.DeploymentsListed all:
                deployments.List(all);
                break;
            case FleetEvent.DeploymentSeen seen:
                See(seen.Resource);
                break;
            case FleetEvent.DeploymentGone gone:
                deployments.Gone(gone.Resource);
                break;
            case FleetEvent.DevicesListed all:
                devices.List(all);
                break;
            case FleetEvent.DeviceSeen seen:
                See(seen.Resource);
                break;
            case FleetEvent.DeviceGone gone:
                devices.Gone(gone.Resource);
                break;
            case FleetEvent.InfoHeard heard:
                Hear(heard.Info.Device, "info", () => documents.Hear(heard.Info, SaidAt(WatchedBucket.DeviceInfo, heard.Stored)));
                break;
            case FleetEvent.ReportHeard heard:
                Hear(heard.Report.Device, "report", () => documents.Hear(heard.Report, SaidAt(WatchedBucket.DeviceState, heard.Stored)));
                break;
            case FleetEvent.HeartbeatHeard heard:
                documents.Hear(heard.Beat, SaidAt(WatchedBucket.DeviceHeartbeat, heard.Stored));
                break;
            case FleetEvent.ManifestSeen seen:
                manifests.See(seen);
                break;
            case FleetEvent.ManifestUnchanged unchanged:
                manifests.SeeAgain(unchanged.Device);
                break;
            case FleetEvent.WatchRestarted restarted:
                Restart(restarted);
                break;
            case FleetEvent.ResyncBegan resync:
                state.Resyncing.Add(resync.Bucket);
                manifests.Resync(resync.Bucket);
                break;
            case FleetEvent.WatchCaughtUp caughtUp:
                CatchUp(caughtUp.Bucket);
                break;
            case FleetEvent.Finished finished:
                dispatcher.Finish(finished.Effect, finished.Result);
                break;
            default:
                break;
        }
    }

    // What was there before may be old; what comes now is said now, whatever the server's clock.
    private DateTimeOffset SaidAt(WatchedBucket bucket, DateTimeOffset stored) =>
        state.IsLive(bucket) ? state.Now : stored;

    private void Link(FleetEvent.LinkChanged link)
    {
        buckets.Link(link);
        manifests.Link(link.IsUp);
        if (!link.IsUp)
        {
            silence.GoDeaf();
        }
        else if (state.CaughtUp.Contains(WatchedBucket.DeviceHeartbeat))
        {
            silence.HearAll();
        }
    }

    private void Restart(FleetEvent.WatchRestarted restarted)
    {
        buckets.Doubt();
        state.CaughtUp.Remove(restarted.Bucket);
        switch (restarted.Bucket)
        {
            case WatchedBucket.DesiredState:
                manifests.Restart(restarted.Reason);
                break;
            case WatchedBucket.DeviceState:
                state.BeginReportWatch();
                break;
            case WatchedBucket.DeviceHeartbeat:
                silence.GoDeaf();
                break;
        }
    }

    private void CatchUp(WatchedBucket bucket)
    {
        switch (bucket)
        {
            case WatchedBucket.DesiredState:
                manifests.CatchUp();
                break;
            case WatchedBucket.DeviceHeartbeat:
                silence.HearAll();
                break;
        }

        state.CaughtUp.Add(bucket);
        state.Resyncing.Remove(bucket);
    }

    /// <summary>Passes on what moved in the model.</summary>
    private void Absorb()
    {
        var change = state.Model.TakeChange();
        state.Guard("removals", () => removals.Take(change));
        foreach (var key in state.Removals.TakeChanged())
        {
            Judge(key);
        }

        state.Guard("intent", () => intent.Release(state.Frozen.TakeDropped()));
        state.Guard("manifests", () => manifests.Touch(change.Manifests));
        state.Guard("manifests", () => manifests.Touch(state.Frozen.TakeMoved()));
        state.Guard("manifests", () => manifests.Touch(state.Removals.TakeMoved()));
        foreach (var key in change.Aggregates)
        {
            state.Statuses.Add(key);
        }

        foreach (var key in change.Releases)
        {
            Guard(key, ReconcileFault.Release, () => deployments.Release(key));
        }

        state.Guard("overflows", () => devices.Overflow(change.Overflows));
        foreach (var key in state.Leaving.Where(key => !state.Model.IsSpreading(key)).ToArray())
        {
            state.Leaving.Remove(key);
            Guard(key, ReconcileFault.Leave, () => leaving.Leave(key));
        }
    }

    // Where it cannot be judged, nothing that somebody approved counts: what has to be held is.
    private void Judge(DeploymentKey key)
    {
        if (!Guard(key, ReconcileFault.Judge, () => removals.Judge(key)))
        {
            state.Guard($"{key}", () => removals.JudgeUnapproved(key));
        }
    }

    private bool Guard(DeploymentKey key, string work, Action action) => state.Guard($"{key}", action, thrown => state.Mark(key, work, thrown));

    // What was not taken to its end was not heard: it is read again with the next resync.
    private void Hear(DeviceId id, string work, Action hear)
    {
        var (news, heardBy) = state.Devices.TryGetValue(id, out var known) ? (known.News, known.HeardBy) : default;
        state.Guard($"{work} of Device {id}", hear, thrown =>
        {
            state.Mark(id, work, thrown);
            if (thrown is not null && state.Devices.TryGetValue(id, out var entry))
            {
                (entry.News, entry.HeardBy) = (news, heardBy);
                state.Effects.Add(new FleetEffect.ReadAgain(id));
            }
        });
    }

    private void See(Deployment resource) => state.Guard(
        $"Deployment {resource?.Metadata.Namespace}/{resource?.Metadata.Name}", () => deployments.See(resource!), thrown => deployments.Mark(resource, thrown));

    private void See(Device resource) => state.Guard(
        $"Device {resource?.Metadata.Name}", () => devices.See(resource!), thrown => devices.Mark(resource, thrown));
}
