using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;
using Harmony.Fleet.Core.Events;

namespace Harmony.Fleet.Tests.Simulation;

/// <summary>What must hold when nothing has gone wrong for a while.</summary>
internal static class Convergence
{
    /// <summary>What is not as it should be; null for nothing.</summary>
    public static string? FirstWrong(World world)
    {
        if (world.Operator.Open > 0 || !world.Operator.HasCaughtUp)
        {
            return $"the operator has {world.Operator.Open} effects under way, and {(world.Operator.HasCaughtUp ? "has" : "has not")} caught up";
        }

        return world.Agents.Select(agent => WrongOf(world, agent)).Concat(world.Deployments.Items.Values.Select(deployment => WrongOf(world, deployment))).FirstOrDefault(wrong => wrong is not null);
    }

    private static string? WrongOf(World world, SimulatedAgent agent)
    {
        if (!world.Devices.Items.TryGetValue(agent.Id.Value, out var device))
        {
            return agent.IsRetired ? Remains(world, agent) : $"{agent.Id} runs, and there is no Device";
        }

        var expected = world.Deployments.Items.Values.Where(deployment => world.Intent.IsMatched(device, deployment)).Select(deployment => $"{deployment.Metadata.Name} {deployment.Metadata.Uid} {Invariants.ScoreOf(deployment).Short}").ToArray();
        var stored = world.Bus[BucketNames.DesiredState].Get(agent.Id.Value);
        if (stored is null)
        {
            return expected.Length == 0 ? null : $"no manifest is stored for {agent.Id}";
        }

        var entries = ((FleetEvent.ManifestSeen)world.Reader.Read(WatchedBucket.DesiredState, stored)!).Entries;
        var named = entries.Select(entry => $"{entry.Name} {entry.Uid} {entry.ScoreDigest.Short}").ToArray();
        if (!named.SequenceEqual(expected))
        {
            return $"the manifest of {agent.Id} names [{string.Join(", ", named)}], and should name [{string.Join(", ", expected)}]";
        }

        if (entries.FirstOrDefault(entry => world.Bus[BucketNames.Scores].Get(entry.Address.Value) is null) is { } missing)
        {
            return $"the score of {missing.Name} is not there";
        }

        return agent.IsRunning ? WrongOnDevice(agent, stored, entries) : null;
    }

    private static string? WrongOnDevice(SimulatedAgent agent, Stored stored, IEnumerable<ManifestEntry> entries)
    {
        if (agent.Floor?.Mark.Digest != Digest.Of(stored.Value))
        {
            return $"{agent.Id} holds {agent.Floor?.Mark}, and something else is stored";
        }

        var wanted = entries.Select(entry => (entry.Name, entry.Uid, entry.ScoreDigest)).ToArray();
        var running = agent.Containers.Running.Values.Select(entry => (entry.Name, entry.Uid, entry.ScoreDigest)).ToArray();
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
        world.Faults.Rewound < agent.Retired && SimulatedBus.Names.FirstOrDefault(name => world.Bus[name].Get(agent.Id.Value) is not null) is { } left ? $"{agent.Id} is gone, and {left} still has it" : null;
}
