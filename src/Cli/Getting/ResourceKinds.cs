using Harmony.Fleet.Cli.Output;
using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Cli.Getting;

/// <summary>The kinds that can be shown.</summary>
internal static class ResourceKinds
{
    /// <summary>Deployments.</summary>
    public static ResourceKind<Deployment> Deployments => new(ResourceTypes.Deployments, ResourceColumns.Deployments);

    /// <summary>Devices.</summary>
    public static ResourceKind<Device> Devices => new(ResourceTypes.Devices, ResourceColumns.Devices);
}
