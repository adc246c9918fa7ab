using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Harmony.Fleet.Contracts.Wire;

namespace Harmony.Fleet.Contracts.Resources;

/// <summary>What a store and an API must know of a kind to serve it.</summary>
/// <typeparam name="T">The resource's type.</typeparam>
public record ResourceType<T>
    where T : class, IResource
{
    /// <summary>The kind, for example <c>Deployment</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The plural in paths, for example <c>deployments</c>.</summary>
    public required string Plural { get; init; }

    /// <summary>Whether it lives in a namespace.</summary>
    public required bool Namespaced { get; init; }

    /// <summary>How it is written as JSON.</summary>
    public required JsonTypeInfo<T> Json { get; init; }

    /// <summary>The same resource with other metadata.</summary>
    public required Func<T, ObjectMeta, T> WithMetadata { get; init; }

    /// <summary>How one of that name is told: <c>device "pi-1"</c>.</summary>
    public string Called(string name) => $"{Kind.ToLowerInvariant()} \"{name}\"";

    /// <summary>What the API says where there is none of that name.</summary>
    public string NotFound(string name) => $"{Called(name)} not found";
}

/// <summary>A kind whose status is known as well, so that it can be written alone.</summary>
/// <typeparam name="T">The resource's type.</typeparam>
/// <typeparam name="TStatus">Its status' type.</typeparam>
public sealed record ResourceType<T, TStatus> : ResourceType<T>
    where T : class, IResource
    where TStatus : class
{
    /// <summary>How the status is written as JSON.</summary>
    public required JsonTypeInfo<TStatus> StatusJson { get; init; }
}

/// <summary>The kinds of the fleet's API.</summary>
public static class ResourceTypes
{
    /// <summary><see cref="Deployment"/>.</summary>
    public static ResourceType<Deployment, DeploymentStatus> Deployments { get; } = new()
    {
        Kind = nameof(Deployment),
        Plural = "deployments",
        Namespaced = true,
        Json = ResourceJson.Default.Deployment,
        StatusJson = ResourceJson.Default.DeploymentStatus,
        WithMetadata = (resource, metadata) => resource with { Metadata = metadata },
    };

    /// <summary><see cref="Device"/>.</summary>
    public static ResourceType<Device, DeviceStatus> Devices { get; } = new()
    {
        Kind = nameof(Device),
        Plural = "devices",
        Namespaced = false,
        Json = ResourceJson.Default.Device,
        StatusJson = ResourceJson.Default.DeviceStatus,
        WithMetadata = (resource, metadata) => resource with { Metadata = metadata },
    };
}

/// <summary>JSON of resources: camelCase, nulls left out, unknown fields ignored.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = Bus.WireLimits.MaxJsonDepth,
    Converters = [typeof(TimestampConverter)])]
[JsonSerializable(typeof(Deployment))]
[JsonSerializable(typeof(Device))]
[JsonSerializable(typeof(ResourceList<Deployment>))]
[JsonSerializable(typeof(ResourceList<Device>))]
public sealed partial class ResourceJson : JsonSerializerContext;
