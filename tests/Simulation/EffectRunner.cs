using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Desired;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Events;
using Harmony.Fleet.Core.Resources;

namespace Harmony.Fleet.Tests.Simulation;

/// <summary>Carries out effects: each at some later time, its answer later still; either may be lost.</summary>
internal sealed class EffectRunner(World world, SimulatedOperator owner, Tampering bug)
{
    private static readonly EffectResult Failed = new EffectResult.Failed();

    private Schedule Schedule => world.Schedule;

    public void Start(FleetEffect decided)
    {
        owner.Open++;
        if (bug.Wanted(decided) is not { } effect)
        {
            Answer(decided, new EffectResult.Done());
            return;
        }

        world.Invariants.Decided(owner, effect);
        owner.OpenPuts += effect is FleetEffect.PutManifest ? 1 : 0;
        Schedule.After(Schedule.Delay(), () => Carry(decided, effect));
    }

    private void Carry(FleetEffect decided, FleetEffect effect)
    {
        if (owner is { IsAlive: true, IsPaused: true })
        {
            // It stands still with what it was about to send.
            Schedule.After(Schedule.Between(0.5, 1), () => Carry(decided, effect));
        }
        else if (owner.IsLeadershipOver && world.Planted != PlantedBug.DeadlineUnchecked)
        {
            owner.OpenPuts -= effect is FleetEffect.PutManifest ? 1 : 0;
            Answer(decided, Failed);
        }
        else if (owner.IsAlive || IsSent()) // One that stood still until its leadership was over sends nothing.
        {
            world.Invariants.Sent(owner, effect);
            owner.OpenPuts -= effect is FleetEffect.PutManifest ? 1 : 0;
            var result = Run(effect);
            if (effect is not FleetEffect.EnsureBuckets)
            {
                world.Trace.Say($"operator {owner.Term}: {effect} -> {result.GetType().Name}");
            }

            Schedule.After(Schedule.Delay(), () => Answer(decided, bug.Told(effect, world.Faults.IsLost() ? Failed : result)));
        }
    }

    private bool IsSent() => owner.IsPaused ? world.Planted == PlantedBug.LateFlush : Schedule.Chance(0.5);

    private void Answer(FleetEffect effect, EffectResult result)
    {
        owner.Open--;
        world.Invariants.Answered(owner, effect, result);
        if (world.Planted == PlantedBug.BackOffJumped && result is EffectResult.Failed && owner.IsAlive)
        {
            Start(effect);
            return;
        }

        owner.Hear(new FleetEvent.Finished(effect, result));
    }

    private EffectResult Run(FleetEffect effect)
    {
        var isAway = effect.Target == EffectTarget.Store ? world.Faults.IsStoreAway : !owner.Link.IsUp;
        return isAway ? Failed : world.Faults.IsLost() ? Late(effect) : effect switch
        {
            FleetEffect.ReadDevice read => world.Devices.Items.TryGetValue(read.Id.Value, out var found) ? new EffectResult.DeviceStored(found) : new EffectResult.Done(),
            FleetEffect.CreateDevice create => Judge(world.Devices.Create(create.Resource)),
            FleetEffect.UpdateDevice update => Judge(world.Devices.Update(update.Resource)),
            FleetEffect.PatchDeviceStatus patch => Judge(world.Devices.PatchStatus(patch.Resource.Metadata, patch.Resource.Status!)),
            FleetEffect.PatchDeviceFinalizers patch => Judge(world.Devices.PatchFinalizers(patch.Resource.Metadata)),
            FleetEffect.PatchFinalizers patch => Judge(world.Deployments.PatchFinalizers(patch.Resource.Metadata)),
            FleetEffect.PatchDeploymentStatus patch => Judge(world.Deployments.PatchStatus(patch.Resource.Metadata, patch.Resource.Status!)),
            FleetEffect.FindRemoved find => new EffectResult.RemovedFound([.. find.Uids.Where(world.Deployments.Removed.Contains)]),
            FleetEffect.EnsureBuckets => Ensure(),
            FleetEffect.PutScore put => Put(put),
            FleetEffect.ListScores => world.Bus[BucketNames.Scores].Exists
                ? new EffectResult.ScoresListed([.. world.Bus[BucketNames.Scores].Keys.Values.Where(one => !one.IsDeleted).Select(one => Digest.Parse(one.Key))])
                : Failed,
            FleetEffect.DeleteScore delete => Remove(BucketNames.Scores, delete.Address.Value),
            FleetEffect.PutManifest put => Put(put),
            FleetEffect.DeleteKeys delete => RemoveAll(delete.Device),
            _ => throw new InvalidOperationException($"The effect is not known: {effect}"),
        };
    }

    // It may come after it was told to have failed: the network held it, or a server that hung.
    private EffectResult Late(FleetEffect effect)
    {
        if (effect is FleetEffect.PutManifest put && world.Faults.IsLate())
        {
            var (bucket, life) = (world.Bus[BucketNames.DesiredState], world.Bus[BucketNames.DesiredState].Life);
            Schedule.After(Schedule.Between(0.5, 60), () =>
            {
                if (bucket.Life == life)
                {
                    world.Trace.Say($"what operator {owner.Term} had sent long ago comes: {put}");
                    Put(put);
                }
            });
        }

        return Failed;
    }

    private static EffectResult Judge<T>((WriteDecision Decision, T? Resource) outcome)
        where T : class, IResource => outcome switch
        {
            { Resource: Deployment deployment } => new EffectResult.DeploymentStored(deployment),
            { Resource: Device device } => new EffectResult.DeviceStored(device),
            { Decision: WriteDecision.Invalid invalid } => new EffectResult.Refused(invalid.Reason),
            { Decision: WriteDecision.NotFound } => new EffectResult.Done(),
            _ => Failed,
        };

    private EffectResult.BucketsEnsured Ensure()
    {
        var anew = SimulatedBus.Names.Count(name => world.Bus[name].Create());
        return new(anew > 0 ? BucketsFound.MadeAnew : BucketsFound.AsTheyWere);
    }

    private EffectResult Put(FleetEffect.PutScore put)
    {
        var (bucket, key) = (world.Bus[BucketNames.Scores], put.Address.Value);
        if (!bucket.Exists)
        {
            return Failed;
        }

        if (bucket.Get(key) is { } found)
        {
            return found.Value.AsSpan().SequenceEqual(put.Ciphertext) || bucket.Update(key, put.Ciphertext, null, found.Revision).IsStored ? new EffectResult.Done() : Failed;
        }

        return bucket.Update(key, put.Ciphertext, null, bucket.Keys.GetValueOrDefault(key)?.Revision ?? 0).IsStored ? new EffectResult.Done() : Failed;
    }

    private EffectResult Put(FleetEffect.PutManifest put)
    {
        var (bucket, key) = (world.Bus[BucketNames.DesiredState], put.Device.Value);
        if (!bucket.Exists)
        {
            return Failed;
        }

        world.Faults.ComeLate(put.Device);
        var revision = world.Planted == PlantedBug.RevisionIgnored ? bucket.Keys.GetValueOrDefault(key)?.Revision ?? 0 : put.Step.Revision;
        var (isStored, current) = bucket.Update(key, put.Step.Bytes, world.Reader.Sign(put.Device, put.Step.Bytes), revision);
        if (isStored)
        {
            return new EffectResult.ManifestPut(new StoredManifest(current, put.Step.Digest, put.Step.Generation), IsWritten: true, []);
        }

        return bucket.Get(key) is { } found && world.Reader.Manifest(found) is var seen
            ? new EffectResult.ManifestPut(seen.Stored, IsWritten: false, seen.Entries)
            : new EffectResult.ManifestPut(new StoredManifest(current, null, null), IsWritten: false, []);
    }

    private EffectResult RemoveAll(DeviceId device)
    {
        var all = SimulatedBus.Names.Where(name => name != BucketNames.Scores).ToArray();
        return Array.TrueForAll(all, name => Remove(name, device.Value) is EffectResult.Done) ? new EffectResult.Done() : Failed;
    }

    private EffectResult Remove(string name, string key)
    {
        var bucket = world.Bus[name];
        if (bucket.Get(key) is { } found)
        {
            bucket.Update(key, [], null, found.Revision, isDeleted: true);
        }

        return bucket.Exists ? new EffectResult.Done() : Failed;
    }
}
