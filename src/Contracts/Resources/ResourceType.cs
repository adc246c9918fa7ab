using System.Text.Json.Serialization.Metadata;

namespace Harmony.Fleet.Contracts.Resources;

/// <summary>What a store and an API must know of a kind to serve it.</summary>
/// <typeparam name="T">The resource's type.</typeparam>
public sealed record ResourceType<T>
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

    /// <summary>The first resource with the second one's status.</summary>
    public required Func<T, T, T> WithStatusOf { get; init; }

    /// <summary>The same resource with no status.</summary>
    public required Func<T, T> WithoutStatus { get; init; }
}
