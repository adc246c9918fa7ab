using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Events;

namespace Harmony.Fleet.Tests.Simulation;

/// <summary>What must hold when nothing has gone wrong for a while.</summary>
internal static class Convergence
{
    private const double SettlingSeconds = 15;

    /// <summary>What is not as it should be; null for nothing.</summary>
    public static string? FirstWrong(World world)
    {
        if (!world.Operator.IsAlive)
        {
            return "nobody leads";
        }

        if (world.Operator.Open > 0 || !world.Operator.HasCaughtUp)
        {
            return $"the operator has {world.Operator.Open} effects under way, and {(world.Operator.HasCaughtUp ? "has" : "has not")} caught up";
        }

        return world.Agents.Select(agent => WrongManifest(world, agent) ?? WrongOf(world, agent)).Concat(world.Deployments.Items.Values.Select(deployment => WrongOf(world, deployment))).FirstOrDefault(wrong => wrong is not null);
    }

    /// <summary>
    /// The first manifest that is not what people want; null for none. A device that waits for its Device is not looked at: that comes when it says again who it is;
    /// nor one whose Device came only just now, or whose report was lost, or is an old one: it is given its first manifest when it says again what it holds.
    /// </summary>
    public static string? FirstWrongManifest(World world) =>
        world.Agents.Where(agent => IsLookedAt(world, agent)).Select(agent => WrongManifest(world, agent) ?? Missing(world, agent)).FirstOrDefault(wrong => wrong is not null);

    private static bool IsLookedAt(World world, SimulatedAgent agent) =>
        world.Devices.Items.TryGetValue(agent.Id.Value, out var device) && device.Metadata.CreationTimestamp < world.Schedule.Now.AddSeconds(-SettlingSeconds) && HasSaid(world, agent, device) && IsHeard(world, device);

    // What it said before its Device was removed by force is read when the bucket is read again.
    private static bool IsHeard(World world, Device device) =>
        !ForcedRemoval.IsIn(world.Seed) || world.Bus[BucketNames.DeviceState].Get(device.Metadata.Name)!.At >= device.Metadata.CreationTimestamp;

    private static bool HasSaid(World world, SimulatedAgent agent, Device device) =>
        world.Bus[BucketNames.DeviceState].Get(device.Metadata.Name) is { } stored && world.Reader.Read(WatchedBucket.DeviceState, stored) is FleetEvent.ReportHeard { Report.Order: var order }
        && order.Boot == agent.Boot && (device.Status?.Taken is not { } taken || order >= new DocumentOrder(taken.Boot, taken.Report));

    // Of a manifest before, where the message of the newer one was lost, an agent may miss one until it reads its manifest again.
    private static string? Missing(World world, SimulatedAgent agent) =>
        agent is { IsRunning: true, Misses: { } score } && world.Bus[BucketNames.DesiredState].Get(agent.Id.Value) is { } stored && world.Reader.Manifest(stored).Entries.Any(entry => entry.Address == score)
            ? $"{agent.Id} misses the score {score.Short}"
            : null;

    // One that is gone for good, and whose Device came again by an old info, says nothing of what it holds, and is written nothing.
    private static string? WrongManifest(World world, SimulatedAgent agent)
    {
        if (!world.Devices.Items.TryGetValue(agent.Id.Value, out var device))
        {
            return agent.IsRetired ? Remains(world, agent) : $"{agent.Id} runs, and there is no Device";
        }

        if (agent is { IsRetired: true, IsRunning: false } && !HasSaid(world, agent, device))
        {
            return null;
        }

        var expected = world.Deployments.Items.Values.Where(deployment => world.Intent.IsMatched(device, deployment)).Select(deployment => $"{deployment.Metadata.Name} {deployment.Metadata.Uid} {Invariants.ScoreOf(deployment).Short}").ToArray();
        if (world.Bus[BucketNames.DesiredState].Get(agent.Id.Value) is not { } stored)
        {
            return expected.Length == 0 ? null : $"no manifest is stored for {agent.Id}";
        }

        var named = world.Reader.Manifest(stored).Entries.Select(entry => $"{entry.Name} {entry.Uid} {entry.ScoreDigest.Short}").ToArray();
        return named.SequenceEqual(expected) ? null : $"the manifest of {agent.Id} names [{string.Join(", ", named)}], and should name [{string.Join(", ", expected)}]";
    }

    private static string? WrongOf(World world, SimulatedAgent agent)
    {
        if (!world.Devices.Items.ContainsKey(agent.Id.Value) || world.Bus[BucketNames.DesiredState].Get(agent.Id.Value) is not { } stored)
        {
            return null;
        }

        var entries = world.Reader.Manifest(stored).Entries;
        return entries.FirstOrDefault(entry => world.Bus[BucketNames.Scores].Get(entry.Address.Value) is null) is { } missing ? $"the score of {missing.Name} is not there"
            : agent.IsRunning ? WrongOnDevice(agent, stored, entries) : null;
    }

    private static string? WrongOnDevice(SimulatedAgent agent, Stored stored, IEnumerable<ManifestEntry> entries)
    {
        if (agent.Floor?.Mark.Digest != Digest.Of(stored.Value))
        {
            return $"{agent.Id} holds {agent.Floor?.Mark}, and something else is stored";
        }

        var wanted = entries.Select(entry => (entry.Name, entry.Uid, entry.ScoreDigest)).ToArray();
        var running = agent.Containers.Running.ToArray();
        return running.SequenceEqual(wanted) ? null : $"{agent.Id} runs {running.Length} containers that are not those of its manifest";
    }

    private static string? WrongOf(World world, Deployment deployment)
    {
        if (deployment.Metadata.DeletionTimestamp is not null)
        {
            return $"{deployment.Metadata.Name} is still being deleted";
        }

        if (deployment.Metadata.Finalizers.IsEmpty)
        {
            return $"{deployment.Metadata.Name} has no finalizer";
        }

        var matched = world.Agents.Where(agent => world.Devices.Items.TryGetValue(agent.Id.Value, out var device) && world.Intent.IsMatched(device, deployment)).ToArray();
        var away = matched.Count(agent => !agent.IsRunning);
        var expected = new DeploymentAggregate { MatchedDeviceCount = matched.Length, Succeeded = matched.Length - away, Unreachable = away };
        var counts = deployment.Status?.Aggregate;
        return counts == expected && deployment.Status!.ObservedGeneration == deployment.Metadata.Generation ? null
            : $"{deployment.Metadata.Name} counts {counts}, and should {expected}";
    }

    // Older copies of buckets bring one back.
    private static string? Remains(World world, SimulatedAgent agent) =>
        world.Faults.Rewound < agent.Retired && !world.Faults.MayRemain.Contains(agent.Id) && SimulatedBus.Names.FirstOrDefault(name => world.Bus[name].Get(agent.Id.Value) is not null) is { } left ? $"{agent.Id} is gone, and {left} still has it" : null;
}
