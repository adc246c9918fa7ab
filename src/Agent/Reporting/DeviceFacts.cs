using System.Collections.Immutable;
using Harmony.Fleet.Contracts.Bus;
using Harmony.Fleet.Ports.Containers;

namespace Harmony.Fleet.Agent.Reporting;

/// <summary>What can be told of the device.</summary>
internal sealed class DeviceFacts(InventoryReader inventory, IContainerRuntime runtime, HealthBoard health)
{
    /// <summary>What is not well on it.</summary>
    public ImmutableArray<string> HealthFlags => health.Names;

    /// <summary>What it is made of. Of podman it says nothing while that does not answer.</summary>
    public async Task<Inventory> InventoryAsync(CancellationToken cancellationToken)
    {
        var podman = await runtime.InfoAsync(cancellationToken);
        return inventory.Read(podman.IsOk ? podman.Value.StorageRoot : "/") with { PodmanVersion = podman.IsOk ? podman.Value.Version : string.Empty };
    }
}
