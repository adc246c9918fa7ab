using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Core.Aggregation;

namespace Harmony.Fleet.Core.Desired;

/// <content>Pairs: how they come and go, and how they are counted.</content>
public sealed partial class FleetModel
{
    private void PartUnlessMatched(DeviceNode device, DeploymentNode node)
    {
        Visited++;
        if (!node.Selector.Matches(device.Labels))
        {
            TellParting(device, node);
            Part(device, node);
        }
    }

    private void TellParting(DeviceNode device, DeploymentNode node)
    {
        if (!node.IsLeaving && device.Pairs.IndexOf(node, deploymentSlots) is >= 0 and < WireLimits.MaxDeploymentsPerDevice and var index)
        {
            partings.Add(new Parting(device.Id, node.Key, node.Versions.EntryOf(device.Pairs[index].Given)));
        }
    }

    private void TakeAway(DeviceNode device, DeploymentNode node)
    {
        Visited++;
        Part(device, node);
    }

    private void JoinIfMatched(DeviceNode device, DeploymentNode node)
    {
        Visited++;
        if (node.Selector.Matches(device.Labels) && device.Pairs.IndexOf(node, deploymentSlots) is < 0 and var belongs)
        {
            device.Pairs.Insert(~belongs, new Pair(node.Slot, node.Members.Count, node.Versions.Current));
            node.Versions.Give(Versions.None, node.Versions.Current);
            node.Members.Add(device.Slot!.Value);
            node.Counter.Add(default);
            aggregates.Add(node.Key);
            if (device.OtherOf(node.Key) is { } said)
            {
                Take(device, ~belongs, said);
            }

            AfterMove(device, ~belongs);
        }
    }

    private void Part(DeviceNode device, DeploymentNode node)
    {
        var index = device.Pairs.IndexOf(node, deploymentSlots);
        ref var pair = ref device.Pairs[index];
        if (pair.Said != Versions.None)
        {
            device.Keep(new(node.Key, node.Versions.IdentityOf(pair.Said), pair.Phase, device.ErrorOf(node.Slot), pair.IsCompleted));
        }

        Leave(device, index);
        AfterMove(device, index);
    }

    // Takes the pair out of the device, of the deployment's members, and of its counts.
    private void Leave(DeviceNode device, int index)
    {
        var pair = device.Pairs[index];
        var node = deploymentSlots[pair.Deployment];
        node.Counter.Remove(CountedOf(device, index));
        node.Versions.Say(pair.Said, Versions.None);
        Give(node, ref pair, Versions.None);
        device.SetError(node.Slot, null);
        device.Pairs.RemoveAt(index);
        aggregates.Add(node.Key);

        var last = node.Members[^1];
        node.Members.RemoveAt(node.Members.Count - 1);
        if (last != device.Slot)
        {
            node.Members[pair.Position] = last;
            var moved = deviceSlots[last];
            moved.Pairs[moved.Pairs.IndexOf(node, deploymentSlots)].Position = pair.Position;
        }
    }

    // The pair at the index is new, or gone; where the device is full, another one lost or won a place by it.
    private void AfterMove(DeviceNode device, int index)
    {
        MarkManifest(device, index);
        if (device.Pairs.Count >= WireLimits.MaxDeploymentsPerDevice)
        {
            overflows.Add(device.Id);
            Recount(device);
        }
        else if (index < device.Pairs.Count)
        {
            Recount(device, index, CountedOf(device, index));
        }
    }

    private void Give(DeploymentNode node, ref Pair pair, ushort version)
    {
        var before = pair.Given;
        pair.Given = version;
        if (node.Versions.Give(before, version))
        {
            releases.Add(node.Key);
        }
    }

    private void MarkManifest(DeviceNode device, int index)
    {
        if (index < WireLimits.MaxDeploymentsPerDevice)
        {
            manifests.Add(device.Id);
        }
    }

    private void Hear(DeviceNode device, int index, ReportedDeployment? said)
    {
        var counted = CountedOf(device, index);
        Take(device, index, said);
        Recount(device, index, counted);
    }

    // The text of its identity is the deployment's own: only what is of no version that is known is kept as it was said.
    private void Take(DeviceNode device, int index, ReportedDeployment? said)
    {
        ref var pair = ref device.Pairs[index];
        var node = deploymentSlots[pair.Deployment];
        var version = said is { } one ? node.Versions.NumberOf(one.Identity) : Versions.None;
        node.Versions.Say(pair.Said, version);
        if (said is { } stranger && version == Versions.None)
        {
            pair.Say(version, default, isCompleted: false);
            device.SetError(node.Slot, null);
            device.Keep(stranger);
        }
        else
        {
            pair.Say(version, said?.Phase ?? default, said?.IsCompleted ?? false);
            device.SetError(node.Slot, said?.Error);
            device.Drop(node.Key);
        }
    }

    private void Recount(DeviceNode device)
    {
        for (var index = 0; index < device.Pairs.Count; index++)
        {
            Recount(device, index, CountedOf(device, index));
        }
    }

    private void Recount(DeviceNode device, int index, Verdict counted)
    {
        Visited++;
        ref var pair = ref device.Pairs[index];
        var node = deploymentSlots[pair.Deployment];
        var isCurrent = index < WireLimits.MaxDeploymentsPerDevice && pair.Said == pair.Given;
        var verdict = Verdict.Of(device.IsReachable, isCurrent ? (pair.Phase, device.ErrorOf(node.Slot), pair.IsCompleted) : null);
        if (verdict != counted)
        {
            node.Counter.Remove(counted);
            node.Counter.Add(verdict);
            pair.Count(verdict);
            aggregates.Add(node.Key);
        }
    }

    private static Verdict CountedOf(DeviceNode device, int index)
    {
        var pair = device.Pairs[index];
        return new(pair.Counted, pair.IsErrorCounted ? device.ErrorOf(pair.Deployment) : null, pair.IsCountedCompleted);
    }
}
