using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Queues;

namespace Harmony.Fleet.Core.Engine;

/// <summary>Takes what is to be looked at from the queues, lets the reconcilers decide, and counts what is under way, so that each target has no more than it may.</summary>
internal sealed class WorkDispatcher(
    FleetState state,
    IntentReconciler intent,
    BucketReconciler buckets,
    ScoreReconciler scores,
    ManifestReconciler manifests,
    LeavingDeployments leaving,
    DeploymentReconciler deployments,
    DeviceReconciler devices,
    DeviceWriter deviceWriter)
{
    private readonly Dictionary<EffectTarget, int> running = new() { [EffectTarget.Store] = 0, [EffectTarget.Bus] = 0 };
    private DateTimeOffset nextFlush;
    private int flushing;
    private int decisions;

    /// <summary>How many keys could be taken now.</summary>
    public int Waiting => state.BucketChecks.Ready + state.ScorePuts.Ready + state.Manifests.Ready + state.Leftovers.Ready + state.IntentChecks.Ready
        + state.Finalizers.Ready + state.Statuses.Ready + state.DeviceWrites.Ready;

    /// <summary>Decides about what is to be looked at, as far as there is room for what comes of it.</summary>
    /// <returns>Whether nothing is left that could be decided now.</returns>
    public bool Decide()
    {
        decisions = 0;
        var isFlush = state.Now >= nextFlush;
        nextFlush = isFlush ? state.Now + state.Options.FlushInterval : nextFlush;

        // A flush takes what there is, however many steps that needs; what comes meanwhile waits for the next one.
        flushing = isFlush ? state.Statuses.CountReady(state.Now) : flushing;
        Drain(state.BucketChecks, EffectTarget.Bus, "ensure", buckets.Ensure);
        if (state.KnowsAll)
        {
            if (HasRoom(EffectTarget.Bus) && scores.List() is { } list)
            {
                Begin(list);
            }

            Drain(state.ScorePuts, EffectTarget.Bus, "put", scores.Put);
            Drain(state.Manifests, EffectTarget.Bus, "manifest", manifests.Decide);
        }

        Drain(state.Leftovers, EffectTarget.Bus, "clean up", devices.CleanUp);
        leaving.Tell();
        Drain(state.IntentChecks, EffectTarget.Store, "check", intent.Check);
        Drain(state.Finalizers, EffectTarget.Store, "finalize", deployments.Finalize);
        flushing -= Drain(state.Statuses, EffectTarget.Store, "status", deployments.WriteStatus, flushing);
        Drain(state.DeviceWrites, EffectTarget.Store, "write", deviceWriter.Write);
        return decisions < state.Options.MaxDecisions;
    }

    /// <returns>How many keys were taken.</returns>
    private int Drain<T>(WorkQueue<T> queue, EffectTarget target, string work, Func<T, FleetEffect?> decide, int most = int.MaxValue)
        where T : notnull
    {
        var taken = 0;
        while (taken < most && decisions < state.Options.MaxDecisions && HasRoom(target) && queue.TryTake(state.Now, out var key))
        {
            (taken, decisions) = (taken + 1, decisions + 1);
            FleetEffect? effect = null;
            if (!state.Guard($"{key}", () => effect = decide(key), thrown => Mark(key, work, thrown)))
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

    private void Mark<T>(T key, string work, string? thrown)
    {
        switch (key)
        {
            case DeploymentKey deployment:
                state.Mark(deployment, work, thrown);
                break;
            case DeviceId device:
                state.Mark(device, work, thrown);
                if (thrown is not null)
                {
                    manifests.Fail(device);
                }

                break;
            default:
                break;
        }
    }

    private bool HasRoom(EffectTarget target) => running[target] < (target == EffectTarget.Store ? state.Options.StoreWrites : state.Options.BusWrites);

    private void Begin(FleetEffect effect)
    {
        running[effect.Target]++;
        state.Effects.Add(effect);
    }

    /// <summary>What became of an effect.</summary>
    public void Finish(FleetEffect effect, EffectResult result)
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
            case FleetEffect.FindRemoved find:
                GiveBack(state.IntentChecks, find.Key, () => Found(find, result));
                break;
            case FleetEffect.ReadDevice read:
                GiveBack(state.DeviceWrites, read.Id, () => deviceWriter.Finish(read.Id, result));
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
            case FleetEffect.PatchDeviceFinalizers patch:
                GiveBack(state.DeviceWrites, patch.Id, () => deviceWriter.Finish(patch.Id, result));
                break;
            case FleetEffect.DeleteKeys delete:
                GiveBack(state.Leftovers, delete.Device, () => devices.CleanedUp(delete.Device, result));
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
                foreach (var delete in scores.Listed(result).TakeWhile(_ => HasRoom(EffectTarget.Bus)))
                {
                    Begin(delete);
                }

                break;
            default:
                break;
        }
    }

    private bool Found(FleetEffect.FindRemoved find, EffectResult result)
    {
        var (isDone, isRemoved) = intent.Finish(find, result);
        if (isRemoved)
        {
            deployments.Removed(find.Key);
        }

        return isDone;
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
        state.Guard($"{key}", () => done = isDone(), thrown => Mark(key, "finish", thrown));
        if (done)
        {
            queue.Done(key);
        }
        else
        {
            queue.Retry(key, state.Now);
        }
    }
}
