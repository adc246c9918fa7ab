using Harmony.Fleet.Contracts.Names;
using Harmony.Fleet.Core.Containers;

namespace Harmony.Fleet.Core.Reconciling;

/// <summary>Tells the containers of this agent from everybody else's.</summary>
public static class Ownership
{
    /// <summary>The deployment that <paramref name="container"/> stands for; null when it is none of <paramref name="device"/>'s, and so not to be touched.</summary>
    public static DeploymentKey? DeploymentOf(ObservedContainer container, DeviceId device) =>
        container.Labels.GetValueOrDefault(ContainerLabels.Device) == device.Value
        && NamespaceName.TryParse(container.Labels.GetValueOrDefault(ContainerLabels.Namespace), out var space)
        && DeploymentName.TryParse(container.Labels.GetValueOrDefault(ContainerLabels.Deployment), out var name)
            ? new DeploymentKey(space, name)
            : null;
}
