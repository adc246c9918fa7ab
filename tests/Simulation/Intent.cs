using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Tests.Simulation;

/// <summary>What people want, by a reading of their own: which deployment belongs on which device, and when that last was otherwise.</summary>
internal sealed class Intent
{
    private readonly World world;
    private readonly Dictionary<(string Device, string Name), (bool IsMatched, DateTimeOffset Unmatched)> pairs = [];
    private readonly Dictionary<string, List<Digest>> scores = [];

    public Intent(World world)
    {
        this.world = world;
        world.Deployments.Changed += (deployment, _) =>
        {
            Want(deployment.Metadata.Uid!, Invariants.ScoreOf(deployment));
            Refresh();
        };
        world.Devices.Changed += (_, _) => Refresh();
    }

    /// <summary>Whether the deployment belongs on the device now.</summary>
    public bool IsMatched(Device device, Deployment deployment) => deployment.Metadata.DeletionTimestamp is null && LabelsOf(device) is var labels
        && deployment.Spec.TargetSelector!.MatchExpressions!.Value.All(term => labels.TryGetValue(term.Key, out var value) && term.Values!.Value.Contains(value));

    /// <summary>When it last did not belong there; the end of time where it never did, or does not now.</summary>
    public DateTimeOffset LastUnmatched(DeviceId device, DeploymentKey key) =>
        pairs.TryGetValue((device.Value, key.Name.Value), out var pair) && pair.IsMatched ? pair.Unmatched : DateTimeOffset.MaxValue;

    /// <summary>The place of a score among all that were wanted for a deployment, in their order.</summary>
    public int VersionOf(string uid, Digest score) => scores[uid].IndexOf(score);

    private void Want(string uid, Digest score)
    {
        var known = scores.TryGetValue(uid, out var list) ? list : scores[uid] = [];
        if (!known.Contains(score))
        {
            known.Add(score);
        }
    }

    // A device that was put away, and whose Device an older copy of the bus made again, says nothing of itself: the Device's own labels count.
    private ImmutableSortedDictionary<string, string> LabelsOf(Device device) => world.Agents.First(agent => agent.Id.Value == device.Metadata.Name) is var agent
        && agent.IsRetired ? device.Metadata.Labels : agent.Labels.SetItems(device.Spec.Labels);

    private void Refresh()
    {
        var now = world.Schedule.Now;
        foreach (var agent in world.Agents)
        {
            var device = world.Devices.Items.GetValueOrDefault(agent.Id.Value);
            foreach (var name in Administrator.Names)
            {
                var isMatched = device is not null && world.Deployments.Items.TryGetValue(name, out var deployment) && IsMatched(device, deployment);
                var pair = pairs.TryGetValue((agent.Id.Value, name), out var known) ? known : (false, now);
                pairs[(agent.Id.Value, name)] = (isMatched, pair.Item1 && isMatched ? pair.Item2 : now);
            }
        }
    }
}
