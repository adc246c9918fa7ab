using Harmony.Fleet.Contracts.Resources;

namespace Harmony.Fleet.Ports.Resources;

/// <summary>Which resource of a kind.</summary>
/// <param name="Namespace">The namespace; null for cluster-scoped kinds.</param>
/// <param name="Name">The name.</param>
public readonly record struct ResourceKey(string? Namespace, string Name)
{
    /// <summary>The key of <paramref name="metadata"/>.</summary>
    public static ResourceKey Of(ObjectMeta metadata) => new(metadata.Namespace, metadata.Name);

    /// <inheritdoc/>
    public override string ToString() => Namespace is null ? Name : $"{Namespace}/{Name}";
}
