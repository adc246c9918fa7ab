using Harmony.Fleet.Contracts.Names;

namespace Harmony.Fleet.Core.Desired;

/// <summary>What moved in the model since it was last asked.</summary>
/// <param name="Manifests">Devices whose manifest may have to say something else.</param>
/// <param name="Aggregates">Deployments whose counts moved.</param>
/// <param name="Overflows">Devices whose number of deployments without a place changed.</param>
public sealed record FleetChange(
    IReadOnlyCollection<DeviceId> Manifests, IReadOnlyCollection<DeploymentKey> Aggregates, IReadOnlyCollection<DeviceId> Overflows);
