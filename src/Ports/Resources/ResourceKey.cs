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

/// <summary>What must hold for a delete.</summary>
/// <param name="Uid">The resource is this one; null for whichever it is.</param>
/// <param name="ResourceVersion">It has not changed since; null for whatever it is.</param>
public readonly record struct DeletePreconditions(string? Uid = null, string? ResourceVersion = null)
{
    /// <summary>None.</summary>
    public static DeletePreconditions None => default;
}
