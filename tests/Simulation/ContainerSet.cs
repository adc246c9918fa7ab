using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Reconciling;

namespace Harmony.Fleet.Tests.Simulation;

/// <summary>The containers of a device: one for each deployment. They run on whatever happens to the agent.</summary>
internal sealed class ContainerSet(World world, SimulatedAgent agent)
{
    private readonly SortedDictionary<DeploymentKey, ManifestEntry> running = [];
    private readonly HashSet<Digest> scores = [];
    private readonly HashSet<DeploymentKey> failed = [];

    public IReadOnlyDictionary<DeploymentKey, ManifestEntry> Running => running;

    private Schedule Schedule => world.Schedule;

    public void LoseScores() => scores.Clear();

    /// <summary>Removes what the manifest does not name, and begins what is not there.</summary>
    public void Bring(DeviceManifest manifest, ManifestMark mark)
    {
        var wanted = manifest.Entries.ToDictionary(entry => new DeploymentKey(entry.Namespace, entry.Name));
        foreach (var key in running.Keys.Where(key => !wanted.ContainsKey(key) && world.Planted != PlantedBug.OrphansLeft).ToArray())
        {
            world.Trace.Say($"{agent.Id} removes {key.Name} by {mark}");
            world.Invariants.Removed(agent.Id, key, running[key].Uid, mark);
            running.Remove(key);
            agent.Changed();
        }

        Digest? missing = null;
        foreach (var (key, entry) in wanted)
        {
            if (running.TryGetValue(key, out var present) && present.Uid == entry.Uid
                && (present.ScoreDigest == entry.ScoreDigest || world.Planted == PlantedBug.OldVersionKept))
            {
                continue;
            }

            if (!scores.Contains(entry.Address) && !Fetch(entry.Address))
            {
                missing ??= entry.Address;
            }
            else if (world.Faults.IsLost())
            {
                failed.Add(key);
                agent.Changed();
                Again(3);
            }
            else
            {
                world.Trace.Say($"{agent.Id} runs {key.Name} {entry.ScoreDigest.Short}");
                world.Invariants.Started(agent.Id, key, entry);
                running[key] = entry;
                failed.Remove(key);
                agent.Changed();
            }
        }

        agent.Missing(missing);
        if (missing is not null)
        {
            Again(5);
        }
    }

    public ImmutableArray<DeploymentReport> Reports(DeviceManifest? manifest, DateTimeOffset now) => manifest is null ? [] :
    [
        .. manifest.Entries.Select(entry =>
        {
            var key = new DeploymentKey(entry.Namespace, entry.Name);
            var isThere = running.TryGetValue(key, out var present) && present.Uid == entry.Uid && present.ScoreDigest == entry.ScoreDigest;
            var hasFailed = !isThere && failed.Contains(key);
            return new DeploymentReport
            {
                Namespace = entry.Namespace,
                Name = entry.Name,
                Uid = entry.Uid,
                ScoreDigest = entry.ScoreDigest,
                Phase = isThere ? Phase.Running : hasFailed ? Phase.Failed : Phase.Pending,
                Since = now,
                LastError = hasFailed ? "it did not start" : null,
            };
        }),
    ];

    private bool Fetch(Digest address)
    {
        if (agent.Link.IsUp && world.Bus[BucketNames.Scores].Get(address.Value) is { } found && (Digest.Of(found.Value) == address || world.Planted == PlantedBug.ScoreUnverified))
        {
            Invariants.Fetched(agent.Id, address, found.Value);
            scores.Add(address);
            return true;
        }

        return false;
    }

    private void Again(double seconds)
    {
        var mine = agent.Life;
        Schedule.After(Schedule.Between(seconds / 2, seconds), () =>
        {
            if (mine == agent.Life)
            {
                agent.Reconcile();
            }
        });
    }
}
