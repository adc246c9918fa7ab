using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Containers;
using Harmony.Fleet.Core.Reconciling;
using Harmony.Fleet.Tests.Harness.Containers;

namespace Harmony.Fleet.Tests.Simulation;

/// <summary>The containers of a device. They run on whatever happens to the agent, and stand still after a power cut. One of them is somebody else's.</summary>
internal sealed class SimulatedRuntime
{
    private readonly SortedDictionary<string, ObservedContainer> containers = new(StringComparer.Ordinal);
    private readonly HashSet<string> images = new(StringComparer.Ordinal);
    private readonly DeviceId device;
    private int made;

    public SimulatedRuntime(DeviceId device)
    {
        this.device = device;
        var foreign = new ContainerSpec { Name = "default.app.web", Image = "localhost/other:1", Labels = ImmutableSortedDictionary.CreateRange([KeyValuePair.Create(ContainerLabels.Device, "another")]) };
        containers[foreign.Name] = ObservedFrom.Spec(foreign, NextId(), FakeImage.Of(foreign.Image)) with { State = ContainerState.Running };
    }

    public ImmutableArray<ObservedContainer> Observed => [.. containers.Values];

    /// <summary>Carries one effect out; each must be possible where all before it were carried out.</summary>
    public void Apply(Effect effect)
    {
        switch (effect)
        {
            case Effect.EnsureImage ensure:
                images.Add(ensure.Reference);
                break;
            case Effect.Create create:
                Demand(images.Contains(create.Spec.Image) && !containers.ContainsKey(create.Spec.Name), effect);
                var image = FakeImage.Of(create.Spec.Image);
                containers[create.Spec.Name] = ObservedFrom.Spec(create.Spec with { Labels = create.Spec.Labels.SetItem(ContainerLabels.ImageId, image.Id) }, NextId(), image);
                break;
            case Effect.Start start:
                containers[start.Name] = Own(start.Name, effect) with { State = ContainerState.Running, ExitCode = null };
                break;
            case Effect.Stop stop:
                containers[stop.Name] = Own(stop.Name, effect) with { State = ContainerState.Exited, ExitCode = 143 };
                break;
            case Effect.Remove remove:
                Own(remove.Name, effect);
                containers.Remove(remove.Name);
                break;
        }
    }

    public void CutPower()
    {
        foreach (var container in Observed.Where(container => container.State == ContainerState.Running && container.Labels[ContainerLabels.Device] == device.Value))
        {
            containers[container.Name] = container with { State = ContainerState.Exited, ExitCode = null };
        }
    }

    private ObservedContainer Own(string name, Effect effect)
    {
        var found = containers.GetValueOrDefault(name);
        Demand(found?.Labels.GetValueOrDefault(ContainerLabels.Device) == device.Value, effect);
        return found!;
    }

    private void Demand(bool isMet, Effect effect)
    {
        if (!isMet)
        {
            throw new ViolationException("a plan can be carried out one by one, and touches its own containers alone", $"{device}: {effect}");
        }
    }

    private string NextId() => $"{++made:x12}";
}
