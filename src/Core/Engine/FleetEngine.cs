using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using Harmony.Fleet.Core.Queues;
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
    private readonly ManifestReconciler manifests;
    private readonly DeploymentReconciler deployments;
    private readonly DeviceReconciler devices;
    private readonly DeviceWriter deviceWriter;
    private readonly Dictionary<EffectTarget, int> running = new() { [EffectTarget.Store] = 0, [EffectTarget.Bus] = 0 };
    private DateTimeOffset nextFlush;
    private int flushing;
    private int decisions;

    /// <summary>An engine that knows nothing yet.</summary>
    /// <param name="options">Times and bounds.</param>
    /// <param name="master">The control plane's secret, from which scores are sealed.</param>
    /// <param name="random">Chance, for jitter.</param>
    public FleetEngine(EngineOptions options, MasterKey master, Random random)
    {
        state = new FleetState(options, master, random);
        scores = new ScoreReconciler(state);
        buckets = new BucketReconciler(state, scores);
        manifests = new ManifestReconciler(state, scores);
        deployments = new DeploymentReconciler(state, scores);
        devices = new DeviceReconciler(state, manifests);
        deviceWriter = new DeviceWriter(state, devices);
    }

    /// <summary>Whether all is known that must be known before anything is written to the bus, or removed from it.</summary>
    public bool HasCaughtUp => state.KnowsAll;

    /// <summary>How many answers to writes of Devices have come: what a list of Devices is told when it begins.</summary>
    public long Answers => deviceWriter.Answers;

    /// <summary>Takes what happened, and says what is to be done.</summary>
    /// <param name="happened">What happened since the step before, in its order; nothing where only time has passed.</param>
    /// <param name="now">The time.</param>
    public FleetStep Step(IReadOnlyList<FleetEvent> happened, DateTimeOffset now)
    {
        state.Now = now;
        foreach (var one in happened)
        {
            Guard(one.GetType().Name, () => Handle(one));
            Absorb();
        }

        Guard("time", Tick);
        Absorb();
        var isAllTaken = Decide();
        var step = new FleetStep([.. state.Effects], [.. state.Notices], isAllTaken);
        state.Effects.Clear();
        state.Notices.Clear();
        return step;
    }

    private void Tick()
    {
        devices.Tick();
        buckets.Tick();
        if (state.KnowsAll)
        {
            scores.Tick();
        }
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
                EachAlone(all.Resources, deployments.See, resource => $"Deployment {resource.Metadata.Namespace}/{resource.Metadata.Name}");
                deployments.List(all);
                break;
            case FleetEvent.DeploymentSeen seen:
                deployments.See(seen.Resource);
                break;
            case FleetEvent.DeploymentGone gone:
                deployments.Gone(gone.Resource);
                break;
            case FleetEvent.DevicesListed all:
                EachAlone(all.Resources, devices.See, resource => $"Device {resource.Metadata.Name}");
                devices.List(all);
                break;
            case FleetEvent.DeviceSeen seen:
                devices.See(seen.Resource);
                break;
            case FleetEvent.DeviceGone gone:
                devices.Gone(gone.Resource);
                break;
            case FleetEvent.InfoHeard heard:
                devices.Hear(heard.Info, SaidAt(WatchedBucket.DeviceInfo, heard.Stored));
                break;
            case FleetEvent.ReportHeard heard:
                devices.Hear(heard.Report, SaidAt(WatchedBucket.DeviceState, heard.Stored));
                break;
            case FleetEvent.HeartbeatHeard heard:
                devices.Hear(heard.Beat, SaidAt(WatchedBucket.DeviceHeartbeat, heard.Stored));
                break;
            case FleetEvent.ManifestSeen seen:
                manifests.See(seen);
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
                Finish(finished.Effect, finished.Result);
                break;
            default:
                break;
        }
    }

    // What was there before may be old; what comes now is said now, whatever the server's clock.
    private DateTimeOffset SaidAt(WatchedBucket bucket, DateTimeOffset stored) =>
        state.CaughtUp.Contains(bucket) && !state.Resyncing.Contains(bucket) ? state.Now : stored;

    private void Link(FleetEvent.LinkChanged link)
    {
        buckets.Link(link);
        if (!link.IsUp)
        {
            devices.GoDeaf();
        }
        else if (state.CaughtUp.Contains(WatchedBucket.DeviceHeartbeat))
        {
            devices.HearAll();
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
            case WatchedBucket.DeviceHeartbeat:
                devices.GoDeaf();
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
                devices.HearAll();
                break;
        }

        state.CaughtUp.Add(bucket);
        state.Resyncing.Remove(bucket);
    }

    /// <summary>Passes on what moved in the model.</summary>
    private void Absorb()
    {
        var change = state.Model.TakeChange();
        manifests.Touch(change.Manifests);
        manifests.Touch(state.Frozen.TakeMoved());
        foreach (var key in change.Aggregates)
        {
            state.Statuses.Add(key);
        }

        devices.Overflow(change.Overflows);
        state.Leaving.ForEach(manifests.Leave);
        state.Leaving.Clear();
    }

    /// <summary>Decides about what is to be looked at, as far as there is room for what comes of it.</summary>
    /// <returns>Whether nothing is left that could be decided now.</returns>
    private bool Decide()
    {
        decisions = 0;
        var isFlush = state.Now >= nextFlush;
        nextFlush = isFlush ? state.Now + state.Options.FlushInterval : nextFlush;

        // A flush takes what there is, however many steps that needs; what comes meanwhile waits for the next one.
        flushing = isFlush ? state.Statuses.CountReady(state.Now) : flushing;
        Drain(state.BucketChecks, EffectTarget.Bus, buckets.Ensure);
        if (state.KnowsAll)
        {
            Drain(state.ScorePuts, EffectTarget.Bus, scores.Put);
            Drain(state.Manifests, EffectTarget.Bus, manifests.Decide);
            if (HasRoom(EffectTarget.Bus) && scores.Sweep() is { } sweep)
            {
                Begin(sweep);
            }
        }

        Drain(state.Leftovers, EffectTarget.Bus, devices.CleanUp);
        manifests.TellLeft();
        Drain(state.Finalizers, EffectTarget.Store, deployments.Finalize);
        flushing -= Drain(state.Statuses, EffectTarget.Store, deployments.WriteStatus, flushing);
        Drain(state.DeviceWrites, EffectTarget.Store, deviceWriter.Write);
        return decisions < state.Options.MaxDecisions;
    }

    /// <returns>How many keys were taken.</returns>
    private int Drain<T>(WorkQueue<T> queue, EffectTarget target, Func<T, FleetEffect?> decide, int most = int.MaxValue)
        where T : notnull
    {
        var taken = 0;
        while (taken < most && decisions < state.Options.MaxDecisions && HasRoom(target) && queue.TryTake(state.Now, out var key))
        {
            (taken, decisions) = (taken + 1, decisions + 1);
            FleetEffect? effect = null;
            if (!Guard($"{key}", () => effect = decide(key)))
            {
                queue.Retry(key, state.Now);
            }
            else if (effect is null)
            {
                queue.Done(key);
            }
            else
            {
                Begin(effect);
            }
        }

        return taken;
    }

    private bool HasRoom(EffectTarget target) => running[target] < (target == EffectTarget.Store ? state.Options.StoreWrites : state.Options.BusWrites);

    private void Begin(FleetEffect effect)
    {
        running[effect.Target]++;
        state.Effects.Add(effect);
    }

    private void Finish(FleetEffect effect, EffectResult result)
    {
        running[effect.Target]--;
        switch (effect)
        {
            case FleetEffect.PatchFinalizers patch:
                GiveBack(state.Finalizers, patch.Key, () => deployments.Finish(patch.Key, result));
                break;
            case FleetEffect.PatchDeploymentStatus patch:
                GiveBack(state.Statuses, patch.Key, () => deployments.Finish(patch.Key, result));
                break;
            case FleetEffect.CreateDevice create:
                GiveBack(state.DeviceWrites, create.Id, () => deviceWriter.Finish(create.Id, result));
                break;
            case FleetEffect.UpdateDevice update:
                GiveBack(state.DeviceWrites, update.Id, () => deviceWriter.Finish(update.Id, result));
                break;
            case FleetEffect.PatchDeviceStatus patch:
                GiveBack(state.DeviceWrites, patch.Id, () => deviceWriter.Finish(patch.Id, result));
                break;
            case FleetEffect.DeleteKeys delete:
                GiveBack(state.Leftovers, delete.Device, () => result is EffectResult.Done);
                break;
            case FleetEffect.EnsureBuckets ensure:
                GiveBack(state.BucketChecks, ensure.Connection, () => buckets.Finish(ensure.Connection, result));
                break;
            case FleetEffect.PutScore put:
                GiveBack(state.ScorePuts, put.Address, () => Stood(put.Address, result));
                break;
            case FleetEffect.PutManifest put:
                GiveBack(state.Manifests, put.Device, () => manifests.Finish(put, result));
                break;
            case FleetEffect.ListScores:
                foreach (var delete in scores.Swept(result).TakeWhile(_ => HasRoom(EffectTarget.Bus)))
                {
                    Begin(delete);
                }

                break;
            default:
                break;
        }
    }

    private bool Stood(Digest address, EffectResult result)
    {
        if (result is not EffectResult.Done)
        {
            return false;
        }

        scores.Stood(address);
        return true;
    }

    /// <summary>A key was worked on: it is done, or to be tried again, also where what came of it cannot be taken.</summary>
    private void GiveBack<T>(WorkQueue<T> queue, T key, Func<bool> isDone)
        where T : notnull
    {
        var done = false;
        Guard($"{key}", () => done = isDone());
        if (done)
        {
            queue.Done(key);
        }
        else
        {
            queue.Retry(key, state.Now);
        }
    }

    private void EachAlone<T>(ImmutableArray<T> resources, Action<T> see, Func<T, string> nameOf)
    {
        foreach (var resource in resources)
        {
            Guard(nameOf(resource), () => see(resource));
        }
    }

    /// <summary>One poisoned object or message must not stop the fleet: it is told, and the rest goes on.</summary>
    private bool Guard(string subject, Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception error)
        {
            state.Tell(new FleetNotice.Poisoned(subject, error));
            return false;
        }
    }
}
