namespace Harmony.Fleet.Core.Desired;

/// <summary>Who comes first where more deployments match a device than it may have: the oldest, then by namespace and name.</summary>
internal sealed class PlacementOrder : IComparer<DeploymentNode>
{
    public static PlacementOrder Instance { get; } = new();

    public int Compare(DeploymentNode? x, DeploymentNode? y)
    {
        var byAge = x!.CreatedAt.CompareTo(y!.CreatedAt);
        return byAge != 0 ? byAge : x.Key.CompareTo(y.Key);
    }
}
