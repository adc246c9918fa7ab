using System.Collections.Concurrent;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Effects;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Core.Trust;

namespace Harmony.Fleet.Tests.Simulation;

/// <summary>What must hold at every moment, whatever goes wrong.</summary>
internal sealed class Invariants(World world)
{
    // Of a device that was gone nothing is known any more: over an older copy of the bucket its numbers may be given again, and it refuses them.
    private readonly Dictionary<string, string> uids = [];
    private readonly Dictionary<DeviceId, Dictionary<Generation, Digest>> contents = [];

    /// <summary>How far behind the store an operator's view may be.</summary>
    private const double ViewSeconds = 60;

    /// <summary>The shortest wait after a failure.</summary>
    private const double LeastWaitSeconds = 0.02;

    /// <summary>Two heartbeats are further apart only where some were lost.</summary>
    private const double HeardSeconds = 40;

    /// <summary>How long a sign of life may take from the bus to an operator, and what that decided before to the store.</summary>
    private const double OnItsWaySeconds = 12;

    // A score is one image here, and the same images come in each seed.
    private static readonly ConcurrentDictionary<string, Digest> Scores = new(StringComparer.Ordinal);

    private readonly Dictionary<(long Term, string Subject), DateTimeOffset> failed = [];
    private readonly HashSet<(DeviceId Device, string Uid, Digest Score)> ran = [];
    private readonly Dictionary<string, Generation?> stored = [];
    private readonly Dictionary<DeviceId, ManifestMark> newest = [];
    private readonly Dictionary<Digest, DateTimeOffset> issued = [];
    private readonly Dictionary<(DeviceId Device, DeploymentKey Key, string Uid), int> versions = [];

    public void DiskLost(DeviceId device)
    {
        newest.Remove(device);
        foreach (var gone in versions.Keys.Where(key => key.Device == device).ToArray())
        {
            versions.Remove(gone);
        }
    }

    /// <summary>The digest of what a Deployment wants to stand.</summary>
    public static Digest ScoreOf(Deployment deployment) =>
        Scores.GetOrAdd(deployment.Spec.Score.PodmanV0!.Containers[0].Image, _ => Digest.Of(CanonicalScore.ToBytes(deployment.Spec.Score)));

    /// <summary>An operator is told what became of this.</summary>
    public void Answered(SimulatedOperator by, FleetEffect effect, EffectResult result)
    {
        if (SubjectOf(effect) is { } subject && result is EffectResult.Failed)
        {
            failed[(by.Term, subject)] = world.Schedule.Now;
        }
    }

    /// <summary>An operator begins this.</summary>
    public void Decided(SimulatedOperator by, FleetEffect effect)
    {
        if (SubjectOf(effect) is { } subject && failed.TryGetValue((by.Term, subject), out var at) && by.WasSet < at && (world.Schedule.Now - at).TotalSeconds < LeastWaitSeconds)
        {
            throw new ViolationException("a back-off is waited for", $"{effect} is tried again {(world.Schedule.Now - at).TotalMilliseconds} ms after it failed");
        }

        switch (effect)
        {
            case FleetEffect.PutManifest put:
                issued.TryAdd(put.Step.Digest, world.Schedule.Now);
                Given(put);
                break;
            case FleetEffect.PatchFinalizers { Resource.Metadata.DeletionTimestamp: not null } patch
                when by.Link.IsUp && (world.Schedule.Now - world.Faults.Rewound).TotalSeconds > ViewSeconds:
                Left(patch.Key, patch.Resource.Metadata.Uid!);
                break;
            case FleetEffect.PatchDeploymentStatus patch:
                Counted(patch.Key, patch.Resource);
                break;
            case FleetEffect.PatchDeviceStatus patch:
                Turned(by, patch);
                break;
            default:
                break;
        }
    }

    /// <summary>The bucket of manifests is not what it was: what was stored before says nothing.</summary>
    public void Rewound() => stored.Clear();

    /// <summary>A manifest is stored.</summary>
    public void Put(Stored value)
    {
        var generation = world.Reader.Manifest(value).Stored.Generation;
        if (generation < stored.GetValueOrDefault(value.Key))
        {
            throw new ViolationException("P1", $"the bucket had {stored[value.Key]} for {value.Key}, and {generation} is put over it");
        }

        stored[value.Key] = generation;
    }

    /// <summary>A device was deleted a while ago, and nothing was in the way of removing what is on the bus of it.</summary>
    public void Gone(SimulatedAgent agent)
    {
        if (!world.Devices.Items.ContainsKey(agent.Id.Value)
            && SimulatedBus.Names.FirstOrDefault(name => world.Bus[name].Get(agent.Id.Value) is not null) is { } left)
        {
            throw new ViolationException("nothing is left of what is gone", $"{agent.Id} is gone, and {left} still has it");
        }
    }

    /// <summary>A device takes a manifest.</summary>
    public void Taken(DeviceId device, DeviceId of, ManifestMark mark)
    {
        if (device != of)
        {
            throw new ViolationException("P5", $"{device} takes the manifest {mark} of {of}");
        }

        if (newest.TryGetValue(device, out var before)
            && (mark.Generation < before.Generation || (mark.Generation == before.Generation && mark.Digest != before.Digest)))
        {
            throw new ViolationException("P1", $"{device} goes from {before} to {mark}");
        }

        newest[device] = mark;
    }

    /// <summary>A device takes a score from the bus.</summary>
    public static void Fetched(DeviceId device, Digest address, byte[] bytes)
    {
        if (Digest.Of(bytes) != address)
        {
            throw new ViolationException("P5", $"{device} takes for {address.Short} what is something else");
        }
    }

    /// <summary>An operator sends this.</summary>
    public void Sent(SimulatedOperator by, FleetEffect effect)
    {
        if (by.Process?.IsSuperseded ?? (by.IsPaused && world.Operator != by))
        {
            throw new ViolationException("a leader whose time is over writes nothing", $"{effect} of operator {by.Term}");
        }
    }

    /// <summary>A device begins to run a version of a deployment: what its manifest wants, or what stood there while it knows of none.</summary>
    public void Started(DeviceId device, DeploymentKey key, string uid, Digest score, bool isWanted)
    {
        ran.Add((device, uid, score));
        if (!isWanted)
        {
            return;
        }

        var (pair, version) = ((device, key, uid), world.Intent.VersionOf(uid, score));
        if (versions.TryGetValue(pair, out var before) && version < before)
        {
            throw new ViolationException("only forward", $"{device} goes back to an older version of {key}");
        }

        versions[pair] = version;
    }

    /// <summary>A device removes what runs, because of a manifest.</summary>
    public void Removed(DeviceId device, DeploymentKey key, string uid, ManifestMark by)
    {
        if (world.Intent.LastUnmatched(device, key) < issued[by.Digest].AddSeconds(-ViewSeconds))
        {
            throw new ViolationException("no container is removed by a fault", $"{device} removes {key} ({uid}) by {by}, and it belongs there all the time");
        }
    }

    /// <summary>A Device is there: another one than before knows nothing of what that was given.</summary>
    public void Known(Device device)
    {
        if (uids.GetValueOrDefault(device.Metadata.Name) != device.Metadata.Uid)
        {
            uids[device.Metadata.Name] = device.Metadata.Uid!;
            contents.Remove(DeviceId.Parse(device.Metadata.Name));
        }
    }

    // A generation is of one content, whoever leads.
    private void Given(FleetEffect.PutManifest put)
    {
        var given = contents.TryGetValue(put.Device, out var known) ? known : contents[put.Device] = [];
        if (!given.TryAdd(put.Step.Generation, put.Step.Digest) && given[put.Step.Generation] != put.Step.Digest)
        {
            throw new ViolationException("P1", $"{put.Step.Generation} of {put.Device} is given to two contents");
        }
    }

    private static string? SubjectOf(FleetEffect effect) => effect switch
    {
        FleetEffect.PatchFinalizers patch => $"finalizers {patch.Key}",
        FleetEffect.PatchDeploymentStatus patch => $"status {patch.Key}",
        FleetEffect.CreateDevice create => $"device {create.Id}",
        FleetEffect.UpdateDevice update => $"device {update.Id}",
        FleetEffect.PatchDeviceFinalizers patch => $"device {patch.Id}",
        FleetEffect.PatchDeviceStatus patch => $"device {patch.Id}",
        _ => null,
    };

    private void Counted(DeploymentKey key, Deployment resource)
    {
        var (uid, score) = (resource.Metadata.Uid!, ScoreOf(resource));
        var most = world.Agents.Count(agent => ran.Contains((agent.Id, uid, score)));
        if (resource.Status!.Aggregate.Succeeded > most && resource.Metadata.DeletionTimestamp is null)
        {
            throw new ViolationException("nothing counts that never ran", $"{key} counts {resource.Status.Aggregate.Succeeded} successes, and ran on {most} devices");
        }
    }

    // A device that is heard of all the time is never told to be silent, but for what is on its way; one whose clock and disk make it begin before it ended is not heard.
    private void Turned(SimulatedOperator by, FleetEffect.PatchDeviceStatus patch)
    {
        if (patch.Resource.Status!.Conditions.FirstOrDefault(one => one.Type == ConditionTypes.Reachable) is { Status: ConditionStatus.False, Reason: not "DocumentsOutdated" } told
            && (by.Now - told.LastTransitionTime) < TimeSpan.FromSeconds(2)
            && world.Bus[BucketNames.DeviceHeartbeat].Get(patch.Id.Value) is { } beat && (world.Schedule.Now - beat.At).TotalSeconds is >= OnItsWaySeconds and < HeardSeconds)
        {
            throw new ViolationException("no silence while the operator is deaf", $"{patch.Id} is told unreachable ({told.Reason}: {told.Message}), and gave a sign at {beat.At}");
        }
    }

    private void Left(DeploymentKey key, string uid)
    {
        // A manifest that is older than its Device was brought back by an older copy: nobody knew of it.
        foreach (var present in world.Bus[BucketNames.DesiredState].Keys.Values.Where(one =>
            !one.IsDeleted && world.Devices.Items.TryGetValue(one.Key, out var device) && one.At >= device.Metadata.CreationTimestamp))
        {
            if (world.Reader.Manifest(present).Entries.Any(entry => entry.Name == key.Name && entry.Namespace == key.Namespace && entry.Uid == uid))
            {
                throw new ViolationException("a finalizer goes last", $"{key} leaves, and the manifest of {present.Key} names it");
            }
        }
    }
}
