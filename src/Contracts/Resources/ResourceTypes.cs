using Harmony.Fleet.Contracts.Json;

namespace Harmony.Fleet.Contracts.Resources;

/// <summary>The kinds of the fleet's API.</summary>
public static class ResourceTypes
{
    /// <summary><see cref="Deployment"/>.</summary>
    public static ResourceType<Deployment> Deployments { get; } = new()
    {
        Kind = nameof(Deployment),
        Plural = "deployments",
        Namespaced = true,
        Json = ContractsJson.Resources.Deployment,
        WithMetadata = (resource, metadata) => resource with { Metadata = metadata },
        WithStatusOf = (resource, other) => resource with { Status = other.Status },
        WithoutStatus = resource => resource with { Status = null },
    };

    /// <summary><see cref="Device"/>.</summary>
    public static ResourceType<Device> Devices { get; } = new()
    {
        Kind = nameof(Device),
        Plural = "devices",
        Namespaced = false,
        Json = ContractsJson.Resources.Device,
        WithMetadata = (resource, metadata) => resource with { Metadata = metadata },
        WithStatusOf = (resource, other) => resource with { Status = other.Status },
        WithoutStatus = resource => resource with { Status = null },
    };
}
