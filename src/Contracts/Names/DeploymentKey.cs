namespace Harmony.Fleet.Contracts.Names;

/// <summary>Which Deployment: its namespace and its name. Written <c>namespace/name</c>.</summary>
/// <param name="Namespace">The namespace.</param>
/// <param name="Name">The name within it.</param>
public readonly record struct DeploymentKey(NamespaceName Namespace, DeploymentName Name) : IComparable<DeploymentKey>
{
    /// <inheritdoc/>
    public int CompareTo(DeploymentKey other)
    {
        var byNamespace = Namespace.CompareTo(other.Namespace);
        return byNamespace != 0 ? byNamespace : Name.CompareTo(other.Name);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Namespace}/{Name}";
}
