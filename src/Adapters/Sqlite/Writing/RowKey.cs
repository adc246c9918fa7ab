using Harmony.Fleet.Ports.Resources;

namespace Harmony.Fleet.Adapters.Sqlite.Writing;

/// <summary>Which row: a resource's key with its kind.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Namespace">The namespace; empty for cluster-scoped kinds.</param>
/// <param name="Name">The name.</param>
internal readonly record struct RowKey(string Kind, string Namespace, string Name)
{
    /// <summary>The resource's key.</summary>
    public ResourceKey Resource => new(Namespace.Length == 0 ? null : Namespace, Name);

    /// <summary>The row of <paramref name="key"/>.</summary>
    public static RowKey Of(string kind, ResourceKey key) => new(kind, key.Namespace ?? string.Empty, key.Name);
}
